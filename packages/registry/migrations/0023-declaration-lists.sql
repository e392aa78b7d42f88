-- Lists, searches and reports of declarations cost the same with a thousand and with a million of them: each page walks an index in its order,
-- for each side and state that was asked for; what is typed is the beginning of a UCR or of a number.
drop index declaration_changed;
drop index declaration_trader;
drop index declaration_ucr;
create index declaration_kind on declaration (side, state, changed_at desc, id desc);
create index declaration_of_trader on declaration (trader, side, state, changed_at desc, id desc) where trader is not null;
create index declaration_ucr on declaration (ucr text_pattern_ops);
create index declaration_number on declaration (number text_pattern_ops) where number is not null;
