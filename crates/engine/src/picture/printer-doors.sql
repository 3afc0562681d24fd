WITH services AS (
  SELECT s.target, 'network' AS lane, s.service AS door, s.version AS name,
    CASE
      WHEN s.reach = 'closed' THEN 'closed'
      WHEN s.reach = 'silent' THEN 'silent'
      WHEN s.service IN ('https', 'ipps') AND s.tls_lowest IN ('SSLv3', 'TLSv1.0', 'TLSv1.1') THEN 'weak'
      WHEN s.service IN ('https', 'ipps', 'ssh') OR (s.encrypted AND s.authentication IN ('password', 'certificate')) THEN 'guarded'
      WHEN s.service = 'snmp' AND s.version = 'v3' THEN 'guarded'
      ELSE 'open'
    END AS state,
    concat(s.transport, ' ', s.port) AS place
  FROM printer_services s
), setting AS (
  SELECT target, 'air' AS lane, 'wifi' AS door, wifi_network AS name, wifi AS open, CAST(NULL AS BOOLEAN) AS guarded FROM printer_settings
  UNION ALL SELECT target, 'air', 'wifi-direct', NULL, wifi_direct, NULL FROM printer_settings
  UNION ALL SELECT target, 'air', 'bluetooth', NULL, bluetooth, NULL FROM printer_settings
  UNION ALL SELECT target, 'device', 'usb', NULL, usb_host, NULL FROM printer_settings
  UNION ALL SELECT target, 'device', 'panel', NULL, NOT panel_locked, panel_locked FROM printer_settings
  UNION ALL SELECT target, 'settings', 'settings-page', NULL, NOT admin_password, admin_password FROM printer_settings
  UNION ALL SELECT target, 'settings', 'firmware', NULL, firmware_over_network, NULL FROM printer_settings
  UNION ALL SELECT target, 'settings', 'files-pjl', NULL, files_by_pjl, NULL FROM printer_settings
  UNION ALL SELECT target, 'settings', 'files-postscript', NULL, files_by_postscript, NULL FROM printer_settings
  UNION ALL SELECT target, 'outside', 'cloud', NULL, cloud_print, NULL FROM printer_settings
  UNION ALL SELECT target, 'outside', 'remote-service', NULL, remote_service, NULL FROM printer_settings
  UNION ALL SELECT target, 'outside', 'fax', NULL, fax, NULL FROM printer_settings
), kept AS (
  SELECT target, 'keeps' AS lane, kind AS door, name,
    CASE WHEN encrypted THEN 'guarded' WHEN NOT encrypted THEN 'open' ELSE 'weak' END AS state, CAST(NULL AS VARCHAR) AS place
  FROM printer_stores
  UNION ALL
  SELECT s.target, 'keeps', 'storage', NULL, CASE WHEN s.storage THEN 'open' WHEN NOT s.storage THEN 'closed' ELSE 'unknown' END, NULL
  FROM printer_settings s
  WHERE NOT EXISTS (SELECT 1 FROM printer_stores t WHERE t.target = s.target)
  UNION ALL
  SELECT target, 'keeps', 'jobs', concat(count(*), ''), 'open', NULL
  FROM printer_jobs
  GROUP BY target
)
SELECT target, lane, door, name, state, place FROM services
UNION ALL
SELECT target, lane, door, name,
  CASE WHEN open THEN 'open' WHEN guarded THEN 'guarded' WHEN NOT open THEN 'closed' ELSE 'unknown' END, NULL
FROM setting
UNION ALL
SELECT target, lane, door, name, state, place FROM kept
