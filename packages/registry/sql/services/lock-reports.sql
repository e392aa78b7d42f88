-- Two that send the same month at once: the second sees the report of the first.
lock table statistics_report in share row exclusive mode
