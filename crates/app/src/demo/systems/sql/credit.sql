-- The commission's own list, and an account that may read one view of it.
CREATE TABLE sx_qd (ztdm CHAR(18) PRIMARY KEY, sxbz BOOLEAN NOT NULL, sxsy VARCHAR(200), gxsj TIMESTAMP NOT NULL);
CREATE VIEW gx_sxzt AS SELECT ztdm, sxbz, sxsy, gxsj FROM sx_qd;
CREATE ROLE tongban_reader LOGIN;
GRANT SELECT ON gx_sxzt TO tongban_reader;
