SELECT a.target, a.family, a.kind,
  sum(CASE WHEN a.state = 'whole' THEN 1 ELSE 0 END) AS whole,
  sum(CASE WHEN a.state IN ('truncated', 'damaged') THEN 1 ELSE 0 END) AS partial,
  sum(CASE WHEN a.state = 'name only' THEN 1 ELSE 0 END) AS named,
  sum(CASE WHEN a.deleted AND a.state <> 'name only' THEN 1 ELSE 0 END) AS deleted,
  sum(CASE WHEN a.state <> 'name only' THEN a.bytes ELSE 0 END) AS bytes,
  sum(a.marks) AS marks
FROM storage_artifacts a
GROUP BY a.target, a.family, a.kind
ORDER BY a.target, a.family, whole DESC, a.kind
