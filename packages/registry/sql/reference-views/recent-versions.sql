select list, number, author, effective::text, published_at, note
from reference_version where state = 'published' order by published_at desc, list, number desc limit $1
