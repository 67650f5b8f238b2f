-- 公开姓名同意 is given and withdrawn in the log: a second truth beside it could disagree with it.
DROP TABLE name_consent;
