use super::*;

#[test]
fn a_failed_erase_leaves_no_password_of_ours_behind() {
    let mut failed = bench(|model| model.character.fails_at = Some(0));
    let (ended, _) = run(PLAIN, "ata-security-erase", &mut failed);
    assert!(matches!(ended, Err(Failure::Failed(_))));
    assert_eq!(changes(&failed).last(), Some(&(0xF6, 0)));
    assert!(failed.model(|model| model.security.user.is_none()));
    let mut kept = bench(|model| model.security.keeps_password = true);
    run(PLAIN, "ata-security-erase", &mut kept).0.unwrap();
    assert!(kept.model(|model| model.security.user.is_none()));
}

#[test]
fn a_locked_disk_is_wiped_with_the_password_that_the_user_gives() {
    let locked = |model: &mut AtaModel| {
        (model.security.user, model.security.locked) = (Some(secret("theirs")), true);
    };
    let user = Ata { password: Password::new(b"theirs", false) };
    let master = Ata { password: Password::new(&[b'm'; 32], true) };
    for ata in [user, master] {
        let mut erased = bench(locked);
        run(ata, "ata-security-erase", &mut erased).0.unwrap();
        assert_eq!(changes(&erased), [(0xF3, 0), (0xF4, 0)]);
        assert!(erased.memory().iter().all(|byte| *byte == 0));
        let mut sanitized = bench(locked);
        run(ata, "ata-sanitize-block", &mut sanitized).0.unwrap();
        assert_eq!(changes(&sanitized), [(0xF2, 0), (0xB4, 0x12)]);
    }
    let mut wrong = bench(locked);
    let wrong_password = Ata { password: Password::new(b"other", false) };
    assert!(run(wrong_password, "ata-security-erase", &mut wrong).0.is_err());
    assert!(wrong.memory() == data() && wrong.model(|model| model.security.attempts) == 4);
    assert!(run(PLAIN, "ata-sanitize-block", &mut bench(locked)).0.is_err());
    let mut frozen = bench(|model| model.security.frozen = true);
    assert!(run(PLAIN, "ata-security-erase", &mut frozen).0.is_err());
    assert!(changes(&frozen).is_empty());
}
