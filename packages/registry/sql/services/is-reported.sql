select exists (select from statistics_report where month = $1) as reported
