"""The comparison: the same API, written with FastAPI and SQLAlchemy as their tutorials do.

Sync views, a session per request, an ORM model per table, SQLite in a file, as FastAPI's own tutorial
has them. With ``TUNED`` in the environment, SQLite keeps a write-ahead log and there is a connection for
every thread, as those advise who have used it in earnest. A lead is stored with its history and its mail to
send in one transaction, as LeadTracker does. There is no search.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Response, status
from pydantic import BaseModel, ConfigDict, EmailStr, Field
from sqlalchemy import DateTime, Engine, ForeignKey, Index, String, create_engine, event, func, select, tuple_
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

_DAY = timedelta(days=1)

_THREADS = 40  # that Starlette runs sync views in


def _make_engine(url: str, *, is_tuned: bool) -> Engine:
    if not is_tuned:
        return create_engine(url, connect_args={"check_same_thread": False})
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 30}, pool_size=_THREADS)

    @event.listens_for(engine, "connect")
    def use_wal(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = wal")

    return engine


engine = _make_engine(os.environ["DATABASE_URL"], is_tuned="TUNED" in os.environ)
new_session = sessionmaker(engine)


class Base(DeclarativeBase):
    """The base class of all tables."""


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return uuid4().hex


class Lead(Base):
    """A lead."""

    __tablename__ = "leads"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=_new_id)
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    message: Mapped[str | None]
    source: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default="PENDING")
    duplicate_of: Mapped[str | None] = mapped_column(ForeignKey("leads.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=_now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=_now)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("leads_created_at", "created_at", "id"),)


class History(Base):
    """An entry of a lead's history."""

    __tablename__ = "lead_history"

    number: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[str] = mapped_column(ForeignKey("leads.id"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=_now)
    actor: Mapped[str]
    action: Mapped[str]


class Mail(Base):
    """A mail to send."""

    __tablename__ = "deliveries"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=_new_id)
    lead_id: Mapped[str] = mapped_column(ForeignKey("leads.id"), index=True)
    kind: Mapped[str]
    recipient: Mapped[str]
    recipient_key: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20), default="pending", index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=_now)


class LeadIn(BaseModel):
    """The fields that a sender may give."""

    model_config = ConfigDict(str_strip_whitespace=True)

    first_name: str = Field(min_length=1, max_length=100)
    last_name: str = Field(min_length=1, max_length=100)
    email: EmailStr
    phone: str | None = Field(None, max_length=40)
    message: str | None = Field(None, max_length=5000)
    source: str | None = Field(None, max_length=200)


class LeadOut(BaseModel):
    """The response model of a lead."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    first_name: str
    last_name: str
    email: str
    phone: str | None
    message: str | None
    source: str | None
    state: str
    duplicate_of: str | None
    created_at: datetime
    updated_at: datetime
    version: int


def get_session() -> Iterator[Session]:
    """Yield a database session for a request."""
    with new_session() as session:
        yield session


def check_key(x_api_key: Annotated[str, Header()]) -> None:
    """Reject requests without the API key."""
    if x_api_key != os.environ["API_KEY"]:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)


Database = Annotated[Session, Depends(get_session)]
Base.metadata.create_all(engine)
app = FastAPI()


@app.get("/readyz")
def ready(session: Database) -> dict[str, str]:
    """Report that the database responds."""
    session.execute(select(1))
    return {"status": "ok"}


@app.post("/leads", status_code=status.HTTP_201_CREATED)
def create_lead(data: LeadIn, response: Response, session: Database) -> LeadOut:
    """Store a lead, linked to the primary lead if its address is known."""
    key = data.email.lower()
    first = select(Lead.id).where(Lead.email_key == key, Lead.duplicate_of.is_(None))
    lead = Lead(**data.model_dump(), email_key=key, duplicate_of=session.scalar(first))
    session.add(lead)
    session.flush()
    session.add(History(lead_id=lead.id, actor="public", action="created"))
    acknowledged = select(Mail.id).where(Mail.recipient_key == key, Mail.created_at > _now() - _DAY).limit(1)
    is_acknowledged = session.scalar(acknowledged) is not None
    mail = Mail(lead_id=lead.id, kind="acknowledgement", recipient=data.email, recipient_key=key)
    mail.state = "cancelled" if is_acknowledged else "pending"
    session.add(mail)
    session.commit()
    session.refresh(lead)
    response.headers["Location"] = f"/leads/{lead.id}"
    return LeadOut.model_validate(lead)


@app.get("/leads", dependencies=[Depends(check_key)])
def list_leads(
    session: Database,
    created_from: datetime | None = None,
    created_to: datetime | None = None,
    after_at: datetime | None = None,
    after_id: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[LeadOut]:
    """Return a page of leads, latest first."""
    query = select(Lead).where(Lead.duplicate_of.is_(None))
    if created_from is not None:
        query = query.where(Lead.created_at >= created_from)
    if created_to is not None:
        query = query.where(Lead.created_at < created_to)
    if after_at is not None and after_id is not None:
        query = query.where(tuple_(Lead.created_at, Lead.id) < tuple_(after_at, after_id))
    query = query.order_by(Lead.created_at.desc(), Lead.id.desc()).limit(limit)
    return [LeadOut.model_validate(lead) for lead in session.scalars(query)]


@app.get("/stats", dependencies=[Depends(check_key)])
def count_leads(session: Database, created_from: datetime, created_to: datetime) -> dict[str, int]:
    """Count the leads that were received in a time range."""
    query = select(func.count()).select_from(Lead).where(Lead.duplicate_of.is_(None))
    query = query.where(Lead.created_at >= created_from, Lead.created_at < created_to)
    return {"number_of_leads": session.scalar(query) or 0}
