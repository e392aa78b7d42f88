select border.party() as party
