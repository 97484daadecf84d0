PRAGMA application_id=1835822690;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE artifacts (
	sequence INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	record TEXT NOT NULL, 
	CONSTRAINT pk_artifacts PRIMARY KEY (sequence, name), 
	CONSTRAINT fk_artifacts_sequence FOREIGN KEY(sequence) REFERENCES runs (sequence) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "artifacts" VALUES(2,'model','{"name":"model","kind":"joblib","uri":"/runs/model","size":3,"digest":"sha256:0"}');
INSERT INTO "artifacts" VALUES(4,'model','{"name":"model","kind":"joblib","uri":"/runs/model","size":3,"digest":"sha256:0"}');
INSERT INTO "artifacts" VALUES(6,'model','{"name":"model","kind":"joblib","uri":"/runs/model","size":3,"digest":"sha256:0"}');
INSERT INTO "artifacts" VALUES(8,'model','{"name":"model","kind":"joblib","uri":"/runs/model","size":3,"digest":"sha256:0"}');
INSERT INTO "artifacts" VALUES(10,'model','{"name":"model","kind":"joblib","uri":"/runs/model","size":3,"digest":"sha256:0"}');
INSERT INTO "artifacts" VALUES(12,'model','{"name":"model","kind":"joblib","uri":"/runs/model","size":3,"digest":"sha256:0"}');
INSERT INTO "artifacts" VALUES(14,'model','{"name":"model","kind":"joblib","uri":"/runs/model","size":3,"digest":"sha256:0"}');
CREATE TABLE changes (
	one INTEGER NOT NULL CONSTRAINT ck_changes_one CHECK (one = 1), 
	identity VARCHAR(8) NOT NULL, 
	number INTEGER NOT NULL, 
	CONSTRAINT pk_changes PRIMARY KEY (one)
);
INSERT INTO "changes" VALUES(1,'38eedfb1',15);
CREATE TABLE counts (
	project TEXT NOT NULL, 
	function TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	runs INTEGER NOT NULL, 
	CONSTRAINT pk_counts PRIMARY KEY (project, function, state)
)
 WITHOUT ROWID

;
INSERT INTO "counts" VALUES('demo','train','cached',1);
INSERT INTO "counts" VALUES('demo','train','cancelled',1);
INSERT INTO "counts" VALUES('demo','train','failed',1);
INSERT INTO "counts" VALUES('demo','train','lost',1);
INSERT INTO "counts" VALUES('demo','train','pending',1);
INSERT INTO "counts" VALUES('demo','train','running',1);
INSERT INTO "counts" VALUES('demo','train','succeeded',1);
CREATE TABLE functions (
	project TEXT NOT NULL, 
	name TEXT NOT NULL, 
	latest VARCHAR(64) NOT NULL, 
	versions INTEGER NOT NULL, 
	updated VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_functions PRIMARY KEY (project, name)
)
 WITHOUT ROWID

;
INSERT INTO "functions" VALUES('demo','train','8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26',1,'2026-01-02T12:00:01+00:00');
CREATE TABLE labels (
	project TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	sequence INTEGER NOT NULL, 
	CONSTRAINT pk_labels PRIMARY KEY (project, "key", value, sequence), 
	CONSTRAINT fk_labels_sequence FOREIGN KEY(sequence) REFERENCES runs (sequence) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "labels" VALUES('demo','number','0',2);
INSERT INTO "labels" VALUES('demo','number','1',4);
INSERT INTO "labels" VALUES('demo','number','2',6);
INSERT INTO "labels" VALUES('demo','number','3',8);
INSERT INTO "labels" VALUES('demo','number','4',10);
INSERT INTO "labels" VALUES('demo','number','5',12);
INSERT INTO "labels" VALUES('demo','number','6',14);
CREATE TABLE metrics (
	sequence INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	time_us INTEGER NOT NULL, 
	record TEXT NOT NULL, 
	CONSTRAINT pk_metrics PRIMARY KEY (sequence, position), 
	CONSTRAINT fk_metrics_sequence FOREIGN KEY(sequence) REFERENCES runs (sequence) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "metrics" VALUES(2,0,1767355200000000,'{"name":"loss","value":0.5,"step":1,"time":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "metrics" VALUES(4,0,1767355200000000,'{"name":"loss","value":0.5,"step":1,"time":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "metrics" VALUES(6,0,1767355200000000,'{"name":"loss","value":0.5,"step":1,"time":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "metrics" VALUES(8,0,1767355200000000,'{"name":"loss","value":0.5,"step":1,"time":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "metrics" VALUES(10,0,1767355200000000,'{"name":"loss","value":0.5,"step":1,"time":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "metrics" VALUES(12,0,1767355200000000,'{"name":"loss","value":0.5,"step":1,"time":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "metrics" VALUES(14,0,1767355200000000,'{"name":"loss","value":0.5,"step":1,"time":"2026-01-02T12:00:00+00:00"}');
CREATE TABLE runs (
	sequence INTEGER NOT NULL, 
	id VARCHAR(12) NOT NULL, 
	revision INTEGER NOT NULL, 
	project TEXT NOT NULL, 
	function TEXT NOT NULL, 
	version VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	parent VARCHAR(12), 
	pinned BOOLEAN NOT NULL, 
	created_us INTEGER NOT NULL, 
	newest_us INTEGER NOT NULL, 
	ended_us INTEGER, 
	record TEXT NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (sequence), 
	CONSTRAINT uq_runs_id UNIQUE (id)
);
INSERT INTO "runs" VALUES(2,'frozen000000',2,'demo','train','8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26','pending',NULL,0,1767355200000000,1767355200000000,NULL,'{"code_hash":"4f846ea7a390ab8e569ab10a9f3b021465f089c920a9dfffed7909a2821a899b","engine":"local","labels":{"number":"0"},"run_directory":"/runs/frozen000000","created":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "runs" VALUES(4,'frozen000001',2,'demo','train','8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26','running',NULL,0,1767355200000000,1767355200000000,NULL,'{"code_hash":"4f846ea7a390ab8e569ab10a9f3b021465f089c920a9dfffed7909a2821a899b","engine":"local","labels":{"number":"1"},"run_directory":"/runs/frozen000001","created":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "runs" VALUES(6,'frozen000002',2,'demo','train','8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26','succeeded',NULL,0,1767355200000000,1767355200000000,NULL,'{"code_hash":"4f846ea7a390ab8e569ab10a9f3b021465f089c920a9dfffed7909a2821a899b","engine":"local","labels":{"number":"2"},"run_directory":"/runs/frozen000002","created":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "runs" VALUES(8,'frozen000003',2,'demo','train','8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26','failed',NULL,0,1767355200000000,1767355200000000,NULL,'{"code_hash":"4f846ea7a390ab8e569ab10a9f3b021465f089c920a9dfffed7909a2821a899b","engine":"local","labels":{"number":"3"},"run_directory":"/runs/frozen000003","created":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "runs" VALUES(10,'frozen000004',2,'demo','train','8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26','cancelled',NULL,0,1767355200000000,1767355200000000,NULL,'{"code_hash":"4f846ea7a390ab8e569ab10a9f3b021465f089c920a9dfffed7909a2821a899b","engine":"local","labels":{"number":"4"},"run_directory":"/runs/frozen000004","created":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "runs" VALUES(12,'frozen000005',2,'demo','train','8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26','lost',NULL,0,1767355200000000,1767355200000000,NULL,'{"code_hash":"4f846ea7a390ab8e569ab10a9f3b021465f089c920a9dfffed7909a2821a899b","engine":"local","labels":{"number":"5"},"run_directory":"/runs/frozen000005","created":"2026-01-02T12:00:00+00:00"}');
INSERT INTO "runs" VALUES(14,'frozen000006',2,'demo','train','8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26','cached',NULL,0,1767355200000000,1767355200000000,NULL,'{"code_hash":"4f846ea7a390ab8e569ab10a9f3b021465f089c920a9dfffed7909a2821a899b","engine":"local","labels":{"number":"6"},"run_directory":"/runs/frozen000006","created":"2026-01-02T12:00:00+00:00"}');
CREATE TABLE tags (
	project TEXT NOT NULL, 
	function TEXT NOT NULL, 
	tag TEXT NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_tags PRIMARY KEY (project, function, tag), 
	CONSTRAINT fk_tags_version FOREIGN KEY(project, function, hash) REFERENCES versions (project, function, hash)
)
 WITHOUT ROWID

;
INSERT INTO "tags" VALUES('demo','train','latest','8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26');
INSERT INTO "tags" VALUES('demo','train','prod','8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26');
CREATE TABLE versions (
	sequence INTEGER NOT NULL, 
	project TEXT NOT NULL, 
	function TEXT NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	code_hash TEXT NOT NULL, 
	cell_digest TEXT NOT NULL, 
	notebook TEXT NOT NULL, 
	description TEXT NOT NULL, 
	created VARCHAR(40) NOT NULL, 
	runs INTEGER NOT NULL, 
	record TEXT NOT NULL, 
	CONSTRAINT pk_versions PRIMARY KEY (sequence), 
	CONSTRAINT uq_versions_project_function_hash UNIQUE (project, function, hash)
);
INSERT INTO "versions" VALUES(1,'demo','train','8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26','4f846ea7a390ab8e569ab10a9f3b021465f089c920a9dfffed7909a2821a899b','sha256:989edfbbf1df737cd27b8594c906fb3fe073da8b61614a90355501319e413d96','train.ipynb','','2026-01-02T12:00:00+00:00',7,'{"project":"demo","function":"train","hash":"8ff436def1451285599a1b1ad70800493b8dcafde2912e1a38345633054e4c26","code_hash":"4f846ea7a390ab8e569ab10a9f3b021465f089c920a9dfffed7909a2821a899b","cell_digest":"sha256:989edfbbf1df737cd27b8594c906fb3fe073da8b61614a90355501319e413d96","spec":{"form":"cell","cells":[{"role":"body","source":"x = 1"}]},"provenance":{"notebook":"train.ipynb"},"created":"2026-01-02T12:00:00+00:00"}');
CREATE INDEX ix_versions_project_function_sequence ON versions (project, function, sequence);
CREATE INDEX ix_runs_project_function_version_sequence ON runs (project, function, version, sequence);
CREATE INDEX ix_runs_newest_us_sequence ON runs (newest_us, sequence);
CREATE INDEX ix_runs_project_sequence ON runs (project, sequence);
CREATE INDEX ix_runs_parent_sequence ON runs (parent, sequence) WHERE parent IS NOT NULL;
CREATE INDEX ix_runs_lost ON runs (project, ended_us) WHERE state = 'lost';
CREATE INDEX ix_runs_project_state_sequence ON runs (project, state, sequence);
CREATE INDEX ix_runs_project_function_sequence ON runs (project, function, sequence);
CREATE INDEX ix_runs_project_function_state_sequence ON runs (project, function, state, sequence);
CREATE INDEX ix_labels_sequence ON labels (sequence);
CREATE INDEX ix_metrics_sequence_time_us ON metrics (sequence, time_us);
COMMIT;
