select digest, dealt_as as "dealtAs" from border.own($1)
