"""A mail server in one process, for `maild demo` and the tests: how can everything be tried where no mail server is?"""
