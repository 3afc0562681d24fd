SELECT d.target, d.host, d.form, d.reached, d.maker, d.model, d.name, d.location, d.serial, d.firmware, d.firmware_date,
  d.sent_bytes, s.storage, s.storage_encrypted
FROM printer_devices d
LEFT JOIN printer_settings s ON s.target = d.target
