"""A document's summary as a result that can leave the app."""

from assistant.ui.documents.session import DocumentSession
from assistant.ui.exporting import Exportable


def exportable(session: DocumentSession | None) -> Exportable | None:
    """Return what is shown of a session; None if there is no summary."""
    if session is None or session.document is None or session.summary is None:
        return None
    from assistant.summaries import exporting  # noqa: PLC0415 - seldom needed

    document, summary = session.document, session.summary
    provenance = exporting.Provenance(options=session.made_with)
    return Exportable(
        title=document.title,
        parts=tuple(exporting.compose(document, summary, provenance, with_passages=True)),
        data=exporting.to_dict(document, summary, provenance),
        suggested=session.path.with_name(f"{session.path.stem} summary"),
        language=summary.language or document.language,
    )
