WITH appeared AS (
  SELECT u.target, 'accounts' AS lane, concat('account ', u.name) AS what, '/etc/passwd' AS path,
    CAST(NULL AS BIGINT) AS line, u.name AS account, u.password_changed AS since,
    CASE WHEN u.uid = 0 AND u.name <> 'root' THEN 'alarm' WHEN u.person THEN 'usual' ELSE 'look' END AS tone
  FROM host_users u
  WHERE u.can_login AND u.password IN ('set', 'empty')
  UNION ALL
  SELECT k.target, 'keys', concat_ws(' ', CASE WHEN k.kind = 'authorized' THEN 'key' ELSE k.kind END,
      nullif(k.comment, ''), nullif(k.algorithm, '')),
    k.path, k.line, k.user, k.modified,
    CASE WHEN k.kind IN ('authority', 'command') OR k.user = 'root' THEN 'look' ELSE 'usual' END
  FROM host_ssh_keys k
  WHERE k.kind IN ('authorized', 'authority', 'command') AND coalesce(k.counts, true)
  UNION ALL
  SELECT r.target, 'rights', concat_ws(' ', r.way, 'as', r.as_user, r.command), r.path, r.line, r.user, r.modified,
    CASE WHEN r.no_password AND r.everything THEN 'alarm' WHEN r.no_password OR r.origin = 'foreign' THEN 'look' ELSE 'usual' END
  FROM host_rights r
  WHERE coalesce(r.origin, '') NOT IN ('package', 'configuration')
  UNION ALL
  SELECT p.target, 'log-in rules', concat_ws(' ', 'PAM', p.service, p.module), p.path, p.line, CAST(NULL AS VARCHAR), p.modified,
    CASE WHEN p.module_origin IN ('foreign', 'changed') THEN 'alarm' ELSE 'look' END
  FROM host_pam_rules p
  WHERE p.module_origin IN ('foreign', 'changed') OR p.origin = 'foreign'
  UNION ALL
  SELECT l.target, 'log-in rules', concat_ws(' ', 'library', l.kind, l.value), l.path, l.line, l.user, l.modified,
    CASE WHEN l.kind = 'preload' THEN 'alarm' ELSE 'look' END
  FROM host_library_rules l
  WHERE l.kind IN ('preload', 'variable') OR l.origin IN ('foreign', 'changed')
  UNION ALL
  SELECT s.target, 'starts', concat_ws(' ', s.name, nullif(s.command, '')), s.path, CAST(NULL AS BIGINT), s.user, s.modified,
    CASE WHEN s.traits IS NOT NULL THEN 'alarm' WHEN s.program_origin = 'foreign' THEN 'look' ELSE 'usual' END
  FROM host_services s
  WHERE s.starts AND s.state <> 'alias' AND (s.origin IN ('foreign', 'changed') OR s.program_origin IN ('foreign', 'changed')
    OR s.traits IS NOT NULL)
  UNION ALL
  SELECT a.target, 'starts', concat_ws(' ', a.way, a.command), a.path, a.line, a.user, a.modified,
    CASE WHEN a.traits IS NOT NULL THEN 'alarm' WHEN a.program_origin = 'foreign' THEN 'look' ELSE 'usual' END
  FROM host_autostarts a
  WHERE a.starts AND (a.origin IN ('foreign', 'changed') OR a.program_origin IN ('foreign', 'changed') OR a.traits IS NOT NULL)
  UNION ALL
  SELECT f.target, 'programs', concat_ws(' ', CASE WHEN f.set_uid OR f.set_gid THEN 'set-uid' ELSE f.interest END, f.capabilities),
    f.path, CAST(NULL AS BIGINT), f.owner, greatest(f.modified, f.changed),
    CASE WHEN f.set_uid OR f.set_gid OR f.capabilities IS NOT NULL OR f.origin = 'changed' THEN 'alarm' ELSE 'look' END
  FROM host_files f
  WHERE f.origin IN ('foreign', 'changed')
    AND (f.set_uid OR f.set_gid OR f.capabilities IS NOT NULL OR f.interest IN ('service', 'started', 'running'))
  UNION ALL
  SELECT m.target, 'boot', concat('module ', m.name), coalesce(m.path, ''), CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), m.modified, 'alarm'
  FROM host_modules m
  WHERE m.origin IN ('foreign', 'changed')
  UNION ALL
  SELECT b.target, 'boot', concat_ws(' ', b.kind, b.inner), b.path, CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), b.modified,
    CASE WHEN b.origin = 'foreign' THEN 'alarm' ELSE 'look' END
  FROM host_boot_files b
  WHERE b.origin IN ('foreign', 'changed', 'differs')
  UNION ALL
  SELECT c.target, 'applications', concat_ws(' ', 'container', c.name, c.image), c.path, CAST(NULL AS BIGINT), c.user, c.created,
    CASE WHEN c.escapes THEN 'alarm' ELSE 'usual' END
  FROM host_containers c
  WHERE c.starts
  UNION ALL
  SELECT w.target, 'applications', concat_ws(' ', 'web', w.language, w.traits), w.path, w.line, w.owner, w.modified,
    CASE WHEN w.traits LIKE '%runs-request%' THEN 'alarm' ELSE 'look' END
  FROM host_web_files w
  WHERE w.traits IS NOT NULL AND w.origin IN ('foreign', 'changed')
  UNION ALL
  SELECT t.target, 'remote control', concat_ws(' ', t.name, t.states), '', CAST(NULL AS BIGINT), nullif(t.users, ''), t.since,
    CASE WHEN t.kind = 'trojan' OR t.unattended THEN 'look' ELSE 'usual' END
  FROM host_remote_tools t
  WHERE NOT t.left_over
)
SELECT a.target, a.lane, a.tone, a.since, a.what, a.account AS "user", a.path, a.line, m.ended
FROM appeared a
JOIN targets m ON m.target = a.target
ORDER BY a.target, CASE a.tone WHEN 'alarm' THEN 0 WHEN 'look' THEN 1 ELSE 2 END, a.since DESC NULLS LAST, a.lane, a.path, a.line, a.what
