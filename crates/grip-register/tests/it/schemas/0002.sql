INSERT INTO edit (number, actor, written_at, reason) VALUES
    (1, 'piet', '2026-01-05T09:00:00.000000000Z', 'begin'),
    (2, 'anna', '2026-01-05T09:00:10.000000000Z', ''),
    (3, 'anna', '2026-01-05T09:00:20.250000000Z', 'dubbel'),
    (4, 'piet', '2026-01-05T09:00:20.250000000Z', 'toch niet');
UPDATE head SET edits = 4;
INSERT INTO version (object_id, number, edit, kind, action, withdrawn, document) VALUES
    ('01KE6T2R800000200000000001', 1, 1, 'note', 'create', 0, '{"text":"Wachttijd"}'),
    ('01KE6T2R800000200010000002', 1, 1, 'note', 'create', 0, '{"text":"Instroom"}'),
    ('01KE6T2R800000200000000001', 2, 2, 'note', 'change', 0, '{"text":"Wachttijd jeugd"}'),
    ('01KE6T2R800000200010000002', 2, 3, 'note', 'withdraw', 1, '{"text":"Instroom"}'),
    ('01KE6T2R800000200010000002', 3, 4, 'note', 'undo', 0, '{"text":"Instroom"}');
INSERT INTO term (name, value, object_id, number) VALUES
    ('first', 'W', '01KE6T2R800000200000000001', 1),
    ('first', 'I', '01KE6T2R800000200010000002', 1),
    ('first', 'W', '01KE6T2R800000200000000001', 2),
    ('first', 'I', '01KE6T2R800000200010000002', 2),
    ('first', 'I', '01KE6T2R800000200010000002', 3);
