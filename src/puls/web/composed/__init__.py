"""Pages that are composed once and served as bytes, before Django and without a query.

A release never changes, so neither does a page that shows it, until something else on it does.
Django composes and decides, with row-level security, as for every page; what it answered is kept
(`keeping`) as parts that all with the same sight share, and gaps for what is the reader's own
(`pages`). A worker that asks again (`serving`) needs three things in its memory (`store`): who
this session is, the page, and word from the database (`listening`) that neither has changed.
Whatever is missing, doubtful or late goes to Django.
"""
