-- Exports of another administration under a UCR for which somebody may lodge an import, the one without an import first.
select d.id::text
from declaration d left join import_draft i on i.declaration = d.id
where d.side = 'partner-export' and d.ucr = $1
order by i.import is not null, d.id
for update of d
