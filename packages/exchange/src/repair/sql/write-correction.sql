insert into message_correction (batch, message, document, document_digest, original_digest) values ($1, $2, $3, $4, $5)
