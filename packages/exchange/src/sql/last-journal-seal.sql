select number from journal_seal order by number desc limit 1
