"""Answers imported a second time: taken out and replaced, or refused, but never counted twice."""

from typing import ClassVar

from django.db import migrations, models

# Who brings answers in may neither read nor delete them. Replacing all answers of a round that
# is still open is the one exception, and this is all there is to it.
TAKE_OUT = """
CREATE FUNCTION puls_take_out_answers(asked text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE taken bigint;
BEGIN
    PERFORM 1 FROM collect_round WHERE key = asked AND state = 'open' FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'answers are taken out of open rounds only'
            USING ERRCODE = 'restrict_violation';
    END IF;
    DELETE FROM collect_answer WHERE round_id = asked;
    GET DIAGNOSTICS taken = ROW_COUNT;
    UPDATE collect_importrecord SET taken_out = true WHERE source = 'answers' AND "table" = asked;
    RETURN taken;
END $$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("collect", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="importrecord",
            name="taken_out",
            field=models.BooleanField(default=False),
        ),
        migrations.RemoveConstraint(model_name="importrecord", name="import_once"),
        migrations.AddConstraint(
            model_name="importrecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_out", False)),
                fields=("source", "table", "checksum"),
                name="import_once",
            ),
        ),
        migrations.RunSQL(TAKE_OUT, "DROP FUNCTION puls_take_out_answers(text)"),
        migrations.RunSQL(
            "REVOKE EXECUTE ON FUNCTION puls_take_out_answers(text) FROM PUBLIC",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION puls_take_out_answers(text) TO puls_intake",
            migrations.RunSQL.noop,
        ),
    ]
