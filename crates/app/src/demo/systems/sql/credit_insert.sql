INSERT INTO sx_qd SELECT ztdm, sxbz, sxsy, gxsj::timestamp FROM unnest($1::text[], $2::boolean[], $3::text[], $4::text[]) AS n (ztdm, sxbz, sxsy, gxsj)
