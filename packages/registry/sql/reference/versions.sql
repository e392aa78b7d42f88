select list, number, state, author, reviewer, effective::text, created_at, published_at, note, digest
from reference_version where list = $1 order by number desc
