"""The index of words that the search reads, and the triggers that keep it."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The number of a photo falls with its place in time: 17 bits of days since 1800, 18 of
# seconds (of an instant in UTC, which may be in the day before or after), 28 of its id.
NUMBER = """
    ((131071 - max(0, min(131071, CAST(julianday({0}.local_day) AS INTEGER) - 2378496))) << 46)
    | ((262143 - max(0, min(262143, coalesce(
        strftime('%s', coalesce({0}.taken_at, {0}.created_at))
        - strftime('%s', {0}.local_day) + 86400, 0)))) << 28)
    | (268435455 - {0}.id)"""

# Marks are words that nobody can have typed elsewhere: they stand in a column of their own.
DUE = f"""
CREATE VIEW photo_words_due AS SELECT
    {NUMBER.format("p")} AS number,
    p.caption AS caption,
    p.place_name AS place,
    p.client_name AS name,
    coalesce((SELECT group_concat(name, char(10)) FROM (
        SELECT t.name AS name FROM photo_tags pt JOIN tags t ON t.id = pt.tag_id
        WHERE pt.photo_id = p.id ORDER BY t.id)), '') AS tags,
    p.camera AS camera,
    p.lens AS lens,
    'any u' || p.owner_id || ' ' || p.kind || ' ' || replace(p.type, '/', ' ')
        || ' rated' || p.rating || ' ' || p.visibility
        || CASE WHEN p.is_favourite THEN ' favourite' ELSE '' END
        || CASE WHEN p.archived_at IS NOT NULL THEN ' archived' ELSE '' END
        || CASE WHEN p.is_animated THEN ' animated' ELSE '' END
        || CASE WHEN p.offer <> 'picture' THEN ' placed' ELSE '' END
        || coalesce((SELECT group_concat(' t' || tag_id, '') FROM (
            SELECT tag_id FROM photo_tags WHERE photo_id = p.id ORDER BY tag_id)), ' untagged')
        || coalesce((SELECT group_concat(' a' || album_id, '') FROM (
            SELECT album_id FROM album_entries WHERE photo_id = p.id ORDER BY album_id)), '')
        AS marks,
    p.id AS photo_id
FROM photos p WHERE p.trashed_at IS NULL AND p.still_id IS NULL"""

FROM_PHOTO = (
    "owner_id, kind, type, client_name, caption, place_name, camera, lens, rating, is_favourite,"
    " is_animated, visibility, offer, local_day, taken_at, created_at, trashed_at, still_id,"
    " archived_at"
)
COLUMNS = "caption, place, name, tags, camera, lens, marks"
ADD = f"INSERT INTO photo_words (rowid, {COLUMNS}) SELECT number, {COLUMNS} FROM photo_words_due"
REMOVE = "DELETE FROM photo_words WHERE rowid"


def again(ids: str) -> str:
    """Return the statements that take photos out of the index and put them in as they are."""
    numbers = f"SELECT {NUMBER.format('p')} FROM photos p WHERE p.id IN ({ids})"
    return f"{REMOVE} IN ({numbers}); {ADD} WHERE photo_id IN ({ids});"


OLD = NUMBER.format("OLD")
TAGGED = "SELECT photo_id FROM photo_tags WHERE tag_id = NEW.id"
TRIGGERS = {
    "photo_added": ("INSERT ON photos", f"{ADD} WHERE photo_id = NEW.id;"),
    "photo_changed": (
        f"UPDATE OF {FROM_PHOTO} ON photos",
        f"{REMOVE} = ({OLD}); {ADD} WHERE photo_id = NEW.id;",
    ),
    "photo_gone": ("DELETE ON photos", f"{REMOVE} = ({OLD});"),
    "tag_put_on": ("INSERT ON photo_tags", again("NEW.photo_id")),
    "tag_taken_off": ("DELETE ON photo_tags", again("OLD.photo_id")),
    "tag_renamed": ("UPDATE OF name ON tags", again(TAGGED)),
    "put_into_album": ("INSERT ON album_entries", again("NEW.photo_id")),
    "taken_out_of_album": ("DELETE ON album_entries", again("OLD.photo_id")),
}


def upgrade() -> None:
    op.execute(DUE)
    op.execute(
        f"CREATE VIRTUAL TABLE photo_words USING fts5({COLUMNS},"
        " tokenize = 'unicode61 remove_diacritics 2')"
    )
    op.execute(f"{ADD} ORDER BY number")
    op.execute("INSERT INTO photo_words (photo_words) VALUES ('optimize')")
    for name, (event, acts) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER photo_words_{name} AFTER {event} BEGIN {acts} END")


def downgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER photo_words_{name}")
    op.execute("DROP TABLE photo_words")
    op.execute("DROP VIEW photo_words_due")
