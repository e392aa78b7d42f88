-- What falls due by itself: one row a movement and timer that runs. A timer that fell due has its row no more.
create table movement_timer (
  movement bigint not null references movement on delete cascade,
  timer text not null,
  due timestamptz not null,
  -- When it is looked at next: due, or later after a try that failed.
  look_at timestamptz not null,
  tries integer not null default 0,
  -- A paused timer does not fall due; when it goes on, it is due later by as long as it was paused.
  paused_at timestamptz,
  paused_by text,
  note text not null default '',
  primary key (movement, timer)
);

create index movement_timer_next on movement_timer (look_at) where paused_at is null;
