select from national_transit where handed = $1
