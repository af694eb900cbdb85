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
INSERT INTO account (name, made_at, grants, rights_at, password, totp, totp_step, issuer, subject, closed) VALUES
    ('anna', '2026-01-05T09:00:00.000000000Z', '[]', '2026-01-05T09:00:10.000000000Z', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4', '00ff', 7, NULL, NULL, 0),
    ('bert', '2026-01-05T09:00:00.000000000Z', '[]', '2026-01-05T09:00:00.000000000Z', NULL, NULL, 0, 'https://idp.example', 's1', 1);
INSERT INTO recovery_code (account, hash) VALUES
    ('anna', '5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b');
INSERT INTO api_token (hash, account, name, scope, made_at, expires_at, seen_at, revoked_at) VALUES
    ('3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0', 'anna', 'koppeling', '[]', '2026-01-05T09:00:20.000000000Z', '2026-06-05T09:00:20.000000000Z', NULL, '2026-01-05T09:00:25.000000000Z');
INSERT INTO session (hash, account, begun_at, seen_at, rotated_at, issuer, sid, device) VALUES
    ('3f3af1ecebbd1410ab417ec0d27bbfcb5d340e177ae159b59fc8626c2dfd9175', 'anna', '2026-01-05T09:00:30.000000000Z', '2026-01-05T09:00:30.000000000Z', '2026-01-05T09:00:30.000000000Z', NULL, NULL, '3f3af1ecebbd1410ab417ec0d27bbfcb5d340e177ae159b59fc8626c2dfd9175');
INSERT INTO device (hash, account, seen_at) VALUES
    ('3f3af1ecebbd1410ab417ec0d27bbfcb5d340e177ae159b59fc8626c2dfd9175', 'anna', '2026-01-05T09:00:30.000000000Z');
INSERT INTO attempt (counter, failures, last_at) VALUES
    ('account bert', 1, '2026-01-05T09:00:40.500000000Z');
INSERT INTO audit (sequence, at, account, deed, subject, outcome, request, mark) VALUES
    (1, '2026-01-05T09:00:30.000000000Z', 'anna', 'sign_in', '', 'done', 'reqa', '0544448d732a9074cac155d73dccadc82a87262ab8db9719740293f9a3673802'),
    (2, '2026-01-05T09:00:40.500000000Z', NULL, 'sign_in', 'bert', 'refused', '', 'c101a7e88eddf3b2df2e73e6f48f90c2b3fe0bf188a4ebd31eec5dc16846fab8');
UPDATE audit_head SET records = 2, mark = 'c101a7e88eddf3b2df2e73e6f48f90c2b3fe0bf188a4ebd31eec5dc16846fab8';
