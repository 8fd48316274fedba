"""The table of what agents can command by mail, family by family, in the order in which help shows them."""

from maild.people.answer_words import ANSWERS
from maild.people.command_word import CommandWord
from maild.people.hand_words import HANDS
from maild.people.held_words import HELD
from maild.people.move_words import MOVES
from maild.people.qualifying_words import QUALIFYING
from maild.people.question_words import QUESTIONS
from maild.people.recording_words import RECORDING
from maild.people.state_words import STATES
from maild.people.topic_words import TOPICS

TABLE: tuple[CommandWord, ...] = (
    *STATES,
    *ANSWERS,
    *HELD,
    *MOVES,
    *HANDS,
    *QUALIFYING,
    *RECORDING,
    *QUESTIONS,
    *TOPICS,
)
