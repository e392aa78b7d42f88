select document, document_digest from message_correction where batch = $1
