-- Taking a lease changes no indexed column. With room on its page, the new version of the row stays there and no index is touched.
alter table outbox set (fillfactor = 50);
