"""Where a secret is found. The file itself never holds one."""

from typing import Annotated, Self

from pydantic import AfterValidator, PrivateAttr, model_validator

from maild.settings.values import FilePath, Strict, a_credential, a_variable


class Secret(Strict):
    """Where a secret is found; the file itself never holds one. Exactly one of the three."""

    env: Annotated[str, AfterValidator(a_variable)] | None = None
    file: FilePath | None = None
    credential: Annotated[str, AfterValidator(a_credential)] | None = None  # systemd's LoadCredential=

    _written_at: tuple[str, int, int] | None = PrivateAttr(None)

    def __eq__(self, other: object) -> bool:
        """Where it is written is no part of it."""
        return isinstance(other, Secret) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.values()))

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(v is not None for v in (self.env, self.file, self.credential)) != 1:
            raise ValueError("say where the secret is found: one of {env: NAME}, {file: PATH}, {credential: NAME}")
        return self

    @property
    def written_at(self) -> tuple[str, int, int] | None:
        """File, line and column of rules.yaml; None if it did not come from a file."""
        return self._written_at
