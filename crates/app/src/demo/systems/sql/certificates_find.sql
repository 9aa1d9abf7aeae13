SELECT id_card_no, cert_no, kind_code, level, valid_until, last_modified FROM cl_certificate WHERE id_card_no = ?1
