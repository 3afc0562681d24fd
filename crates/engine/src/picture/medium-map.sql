SELECT e.target, e.start, e.bytes, e.class, e.entropy, m.bytes AS medium_bytes
FROM storage_extents e
JOIN storage_media m ON m.target = e.target
ORDER BY e.target, e.start
