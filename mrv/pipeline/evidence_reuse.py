"""Evidence that was deposited before: what a batch is held against beyond its own files."""

from dataclasses import replace

import pandas as pd

from mrv.pipeline.batch import Batch
from mrv.storage.control import Control
from mrv.storage.evidence_use import evidence_uses


def with_known_evidence(batch: Batch, control: Control) -> Batch:
    """A batch whose `attachments` also name where in the home its files are used, by whichever plant and month.

    What the batch files anew is left out: a correction may come with the files of the version before.
    """
    with control.read() as session:
        uses = evidence_uses(session, batch.attachments["evidence_sha256"].tolist())
    own = pd.MultiIndex.from_frame(batch.filings[["plant_id", "month"]])
    elsewhere = uses[~pd.MultiIndex.from_frame(uses[["plant_id", "month"]]).isin(own)]
    return replace(batch, attachments=pd.concat([batch.attachments, elsewhere], ignore_index=True))
