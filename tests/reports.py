"""Reports that tests copy and edit: one of a fire, one of the same fire by another hand, one of something else."""

from __future__ import annotations

import random

FIRE = """A fire in the old rope works at Port Elsin destroyed two warehouses and forced 340 people out of their homes \
in the early hours of Thursday, the fire brigade said.
The alarm was raised at 2.15 in the morning by a night watchman who had smelled smoke on his round. By the time the \
first engine arrived, flames stood above the roof of the northern warehouse and sparks were drifting over the canal.
More than 90 firefighters from 7 stations fought the blaze with water drawn from the harbour. "We lost the roof within \
20 minutes and after that it was a matter of saving the street," said Ines Aldous, who led the operation. Two \
firefighters were treated for smoke and released.
The residents of Cable Street spent the night in the gymnasium of the Harbour School, where the Red Cross handed out \
blankets and tea. Most of them were allowed to return by noon.
The rope works closed in 1987 and had been used by a furniture dealer since. The owner put the damage at 4.2 million \
crowns. Police have sealed the site and are looking into the cause."""

SAME_FIRE = """Hundreds of residents had to leave their beds when a blaze tore through a former rope factory beside \
the canal in Port Elsin overnight.
Nobody died, but about 340 people were moved to a school hall, according to the mayor's office, which praised the \
calm of the neighbours. Buses brought them there from three in the morning onwards.
The brigade, which was called at 2.15, sent every engine it has. Its commander, Ines Aldous, told reporters at the \
scene that her crews gave up the building early in order to protect the houses opposite. "We lost the roof within 20 \
minutes," she said.
A dealer in second-hand furniture who rents the halls said his whole stock was gone, and that he was not insured. He \
had bought the lease only last spring.
Investigators want to talk to the watchman who reported the smoke. They do not rule out arson, since a container \
behind the same building burned in August. Two firefighters needed oxygen and went home later."""

BRIEF = "The library is closed on Monday. Readers can return books at the town hall."

BUDGET = """The council of Thornbury passed its budget on Tuesday evening after a debate of six hours, by 23 votes to \
18.
It raises spending on schools by 6 per cent and cuts what goes to roads. The tax on second homes doubles from January, \
which should bring in 1.9 million crowns.
Mayor Delphine Asher called the vote a promise kept. The opposition said the plan rests on money that nobody has seen \
yet, and announced a complaint to the county.
A pool that was to open next summer will be built a year later, and the museum loses its evening hours."""

MORE = """In Elsin the fire has opened an old dispute again. A group of citizens had asked for sprinklers in all the \
former factories along the water, and the council turned it down three years ago because of the price.
The group now wants a vote of all citizens, and will collect signatures at the market on Saturday.
"We were told it would never happen," said its founder, a retired ship's carpenter. The council did not comment."""

WORDS = BUDGET.split()


def edited(text: str, share: float, seed: int) -> str:
    """The text with this share of its words replaced, at random."""
    chance = random.Random(seed)
    words = text.split(" ")
    for place in chance.sample(range(len(words)), round(share * len(words))):
        words[place] = chance.choice(WORDS)
    return " ".join(words)
