select id, declaration, kind, media_type as "mediaType", content
from corridor_gateway.results order by given_at, id limit $1
