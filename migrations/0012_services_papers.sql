-- The hall: how many papers the registers spared the applicant of a case, for figures.
ALTER TABLE services_case ADD COLUMN papers_waived BIGINT NOT NULL DEFAULT 0;
