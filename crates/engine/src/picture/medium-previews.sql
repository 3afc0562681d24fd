SELECT p.target, a.number, a.kind, a.family, coalesce(a.path, a.title) AS name, a.state, a.bytes, a.marks, a.start,
  p.width, p.height, p.png, p.text
FROM storage_previews p
JOIN storage_artifacts a ON a.target = p.target AND a.number = p.artifact
ORDER BY a.marks DESC, CASE a.family WHEN 'print job' THEN 0 WHEN 'scan' THEN 1 WHEN 'document' THEN 2 WHEN 'mail' THEN 3
  WHEN 'picture' THEN 4 ELSE 5 END, p.png IS NULL, a.number
