"""What a text and its evaluation may use up, all in one place.

| bound | limit | of what | when |
|---|---|---|---|
| characters | 50,000 | the text of an expression | compiling |
| items | 10,000 | words and signs of an expression | compiling |
| nesting | 80 | brackets, clauses and prefixes within each other | compiling |
| nesting | 150 | operators, members or filters in one row | compiling |
| digits | 1,000 | a number written out, read from a text, or given by the host | both |
| steps | 50,000 | turns of loops, calls, items and characters made or compared | evaluating |
| nesting | 60 | functions that call each other | evaluating |
| items | 50,000 | a list | evaluating |
| characters | 200,000 | a text | evaluating |
| values | 100,000 | parts of a value handed out | evaluating |
| values | 250,000 | parts of the host's values taken in, a list or context being two | evaluating |
| time | 0.05 s | all regular expressions together, by the processor | evaluating |
| time | 0.15 s | everything, by the processor, the host's functions left out | evaluating |

All but time are the same on every machine, and are passed first. Time is the last resort, for what
costs more than its steps say: a turn of a loop takes about a microsecond. Of a pause between two
looks at the clock 0.02 s count at most, since Python may tidy its memory then, for a second even.
"""

from __future__ import annotations

MAX_SOURCE = 50_000
MAX_TOKENS = 10_000
MAX_NESTING = 80
MAX_CHAIN = 150
MAX_DIGITS = 1_000

MAX_STEPS = 50_000
MAX_CALLS = 60
MAX_ITEMS = 50_000
MAX_TEXT = 200_000
MAX_VALUES = 100_000
MAX_TAKEN_IN = 250_000
MAX_MATCHING = 0.05
MAX_SECONDS = 0.15

# What one step pays for: nodes of the syntax tree evaluated, characters copied or compared,
# places of an environment copied, and items of a list copied.
NODES_PER_STEP = 4
TEXT_PER_STEP = 100
SLOTS_PER_STEP = 8
ITEMS_PER_STEP = 10
# What a call of a function of the host costs, which may well ask the database.
HOST_STEPS = 50
# After how many steps, or values handed out, the processor's clock is read again.
STEPS_PER_LOOK = 200
# What counts at most of the seconds between two looks: so many steps never take longer themselves.
COUNTED_PAUSE = 0.02
VALUES_PER_LOOK = 2_000
