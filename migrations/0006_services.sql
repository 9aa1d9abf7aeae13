-- The hall: item documents, drafts, cases with their events, clocks and tasks.
CREATE TABLE services_item (
  key TEXT NOT NULL,
  version BIGINT NOT NULL,
  digest TEXT NOT NULL,
  current BIGINT NOT NULL,
  loaded_at BIGINT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (key, version)
);

CREATE TABLE services_number (
  item TEXT NOT NULL,
  day TEXT NOT NULL,
  next BIGINT NOT NULL,
  PRIMARY KEY (item, day)
);

CREATE TABLE services_draft (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  item_key TEXT NOT NULL,
  item_version BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  facts_at BIGINT NOT NULL,
  case_id TEXT,
  answers TEXT NOT NULL,
  facts TEXT NOT NULL
);
CREATE INDEX services_draft_open ON services_draft (owner, updated_at) WHERE case_id IS NULL;

CREATE TABLE services_case (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL,
  item_key TEXT NOT NULL,
  item_version BIGINT NOT NULL,
  owner TEXT NOT NULL,
  owner_name TEXT NOT NULL,
  owner_number TEXT NOT NULL,
  applicant TEXT NOT NULL,
  applicant_name TEXT NOT NULL,
  state TEXT NOT NULL,
  resume_state TEXT,
  office TEXT NOT NULL,
  revision BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  submitted_at BIGINT NOT NULL,
  finished_at BIGINT,
  certificate TEXT,
  outcome TEXT,
  answers TEXT NOT NULL,
  facts TEXT NOT NULL
);
CREATE INDEX services_case_owner ON services_case (owner, id);
CREATE UNIQUE INDEX services_case_number ON services_case (number);

CREATE TABLE services_event (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  office TEXT,
  detail TEXT NOT NULL
);
CREATE INDEX services_event_case ON services_event (case_id, id);

-- Two clocks run for every case (legal, promised), others while they are needed (accept, supplement).
CREATE TABLE services_clock (
  case_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  days_left BIGINT,
  stopped_at BIGINT,
  PRIMARY KEY (case_id, kind)
);

-- What an office has to do for a case: accept it, review a part of it, decide it.
CREATE TABLE services_task (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  review_key TEXT,
  office TEXT NOT NULL,
  role TEXT NOT NULL,
  assignee TEXT,
  waiting BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  days_left BIGINT,
  ended_at BIGINT,
  result TEXT,
  officer TEXT,
  officer_name TEXT,
  opinion TEXT,
  basis TEXT
);
CREATE INDEX services_task_case ON services_task (case_id, id);
CREATE INDEX services_task_office ON services_task (office, due_at, id) WHERE ended_at IS NULL AND waiting = 0;
CREATE INDEX services_task_mine ON services_task (assignee, due_at, id) WHERE ended_at IS NULL AND waiting = 0;

CREATE TABLE services_supplement (
  case_id TEXT PRIMARY KEY,
  asked_at BIGINT NOT NULL,
  asked_by TEXT NOT NULL,
  office TEXT NOT NULL,
  fields TEXT NOT NULL,
  message TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  answered_at BIGINT
);
