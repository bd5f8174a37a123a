BEGIN TRANSACTION;
CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  principal_id INTEGER NOT NULL REFERENCES principal,
  period TEXT NOT NULL,
  starts_at INTEGER,
  ends_at INTEGER,
  gated INTEGER NOT NULL CHECK (gated IN (0, 1)),
  credits INTEGER NOT NULL DEFAULT 0 CHECK (credits >= 0),
  granted INTEGER NOT NULL DEFAULT 0 CHECK (granted >= 0),
  held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
  posted INTEGER NOT NULL DEFAULT 0 CHECK (posted >= 0),
  UNIQUE (principal_id, period),
  CHECK (NOT gated OR posted + held <= credits)
) STRICT;
INSERT INTO "account" VALUES(1,1,'day:2026-04-01@UTC',1775001600000000,1775088000000000,1,60000,0,0,3000);
INSERT INTO "account" VALUES(2,1,'month:2026-04-01@UTC',1775001600000000,1777593600000000,1,200000,0,0,3000);
INSERT INTO "account" VALUES(3,2,'day:2026-04-01@UTC',1775001600000000,1775088000000000,1,90000,0,0,4000);
INSERT INTO "account" VALUES(4,2,'month:2026-04-01@UTC',1775001600000000,1777593600000000,0,0,0,0,4000);
INSERT INTO "account" VALUES(5,3,'month:2026-04-01@UTC',1775001600000000,1777593600000000,0,0,0,0,4000);
INSERT INTO "account" VALUES(6,5,'day:2026-04-01@UTC',1775001600000000,1775088000000000,1,60000,0,0,1000);
INSERT INTO "account" VALUES(7,5,'month:2026-04-01@UTC',1775001600000000,1777593600000000,1,200000,0,0,1000);
INSERT INTO "account" VALUES(8,1,'day:2026-11-20@UTC',1795132800000000,1795219200000000,1,60000,0,0,0);
INSERT INTO "account" VALUES(9,1,'month:2026-11-01@UTC',1793491200000000,1796083200000000,1,200000,0,0,24000);
INSERT INTO "account" VALUES(10,2,'day:2026-11-20@UTC',1795132800000000,1795219200000000,1,90000,0,0,0);
INSERT INTO "account" VALUES(11,2,'month:2026-11-01@UTC',1793491200000000,1796083200000000,0,0,0,4000,32600);
INSERT INTO "account" VALUES(12,3,'month:2026-11-01@UTC',1793491200000000,1796083200000000,0,0,0,5000,35400);
INSERT INTO "account" VALUES(13,6,'life',NULL,NULL,0,0,0,0,9600);
INSERT INTO "account" VALUES(14,1,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,60000,0,0,24000);
INSERT INTO "account" VALUES(15,2,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,90000,0,4000,32600);
INSERT INTO "account" VALUES(16,7,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,60000,0,0,1000);
INSERT INTO "account" VALUES(17,7,'month:2026-11-01@UTC',1793491200000000,1796083200000000,1,200000,0,0,1000);
INSERT INTO "account" VALUES(18,4,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,65000,5000,3000,5600);
INSERT INTO "account" VALUES(19,4,'month:2026-11-01@UTC',1793491200000000,1796083200000000,1,200000,0,3000,5600);
INSERT INTO "account" VALUES(20,4,'life',NULL,NULL,1,1500,500,0,0);
INSERT INTO "account" VALUES(21,23,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,60000,0,0,1900);
INSERT INTO "account" VALUES(22,23,'month:2026-11-01@UTC',1793491200000000,1796083200000000,1,200000,0,0,1900);
INSERT INTO "account" VALUES(23,17,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,90000,0,0,2800);
INSERT INTO "account" VALUES(24,17,'month:2026-11-01@UTC',1793491200000000,1796083200000000,0,500000,0,0,2800);
INSERT INTO "account" VALUES(25,24,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,60000,0,0,1000);
INSERT INTO "account" VALUES(26,24,'month:2026-11-01@UTC',1793491200000000,1796083200000000,1,200000,0,0,1000);
INSERT INTO "account" VALUES(27,25,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,60000,0,0,1000);
INSERT INTO "account" VALUES(28,25,'month:2026-11-01@UTC',1793491200000000,1796083200000000,1,200000,0,0,1000);
INSERT INTO "account" VALUES(29,26,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,60000,0,0,0);
INSERT INTO "account" VALUES(30,26,'month:2026-11-01@UTC',1793491200000000,1796083200000000,1,200000,0,0,0);
INSERT INTO "account" VALUES(31,27,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,60000,0,1000,0);
INSERT INTO "account" VALUES(32,27,'month:2026-11-01@UTC',1793491200000000,1796083200000000,1,200000,0,1000,0);
INSERT INTO "account" VALUES(33,28,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,60000,0,1000,0);
INSERT INTO "account" VALUES(34,28,'month:2026-11-01@UTC',1793491200000000,1796083200000000,1,200000,0,1000,0);
INSERT INTO "account" VALUES(35,18,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,90000,0,1000,0);
INSERT INTO "account" VALUES(36,18,'month:2026-11-01@UTC',1793491200000000,1796083200000000,0,0,0,1000,0);
INSERT INTO "account" VALUES(37,29,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,60000,0,0,900);
INSERT INTO "account" VALUES(38,29,'month:2026-11-01@UTC',1793491200000000,1796083200000000,1,200000,0,0,900);
INSERT INTO "account" VALUES(39,30,'day:2026-11-22@UTC',1795305600000000,1795392000000000,1,60000,0,0,0);
INSERT INTO "account" VALUES(40,30,'month:2026-11-01@UTC',1793491200000000,1796083200000000,1,200000,0,0,0);
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO "audit" VALUES(5,1775044806000000,'limner','effect','case:1t6frwry','{"decision":"escalate"}','d78fb2b674a1b3abe61ebc8ec162f286524a30e580a9bc0cdc5fac03f5e4f8b2');
INSERT INTO "audit" VALUES(6,1775044812000000,'terminal:local:owner','unlock','case:2','{"count":1}','96d677a87bc3ba15d12be5b02ef6c8df4de6ee1b853512b39dad7d20b016a0a3');
INSERT INTO "audit" VALUES(7,1775044812000000,'terminal:local:owner','close','case:1t6frwry','{"files_deleted":true,"unlocked":true}','724b8c506e808e3f448fe37fe456ea3f41af0c76e109a51f691e3eb3aa9ef3a3');
INSERT INTO "audit" VALUES(8,1775044812000000,'limner','erase','principal:5','{"jobs":1}','fd178eb6b3a9ff925dd396f430f10436a6e4f09a65a4dd1177b7b176454b1077');
INSERT INTO "audit" VALUES(9,1795168800000000,'limner','forget the beginning','row:4','{"hash":"6e38f715602dc39fcc842d71f8f6fea615d631050130de7f7535b442e78b3656","through":4}','aa751d40468d83de986c0b71d9d9d67d67688859e68669cf2696ffbd3575015c');
INSERT INTO "audit" VALUES(10,1795341600000000,'limner','expire','case:n5ge76na','{}','a821079791329381eb7b7b2bad3c17fce3f769030327002cdcfa31d89df762a5');
INSERT INTO "audit" VALUES(11,1795341600000000,'discord:c1:mod','decide','case:2tbky0d7','{"decision":"approve","reason":"approve it"}','707a6affc74fce9d15d98906b3074709304629e7fff659225fddf2d08ecafca0');
INSERT INTO "audit" VALUES(12,1795341606000000,'limner','effect','case:2tbky0d7','{"decision":"approve"}','ed4edbfd2b1aa131e85b9361614a163f60cc37042f4e93c668e2ab74b7bf2358');
INSERT INTO "audit" VALUES(13,1795341606000000,'discord:c1:mod','decide','case:xx00n5vd','{"decision":"blur","reason":"blur it"}','42e12be40787d5d322fb338394a4d78faef152cde1e5ebdd71d171c70b361ee6');
INSERT INTO "audit" VALUES(14,1795341612000000,'limner','effect','case:xx00n5vd','{"decision":"blur"}','c588e3dd272bcf76879f90793dd366bd11992743a8f2877f11289758a45d78d0');
INSERT INTO "audit" VALUES(15,1795341612000000,'discord:c1:mod','decide','case:q42npg3e','{"decision":"remove","reason":"remove it"}','0231f2ec4f0bae4c242e31867c64cd33760811c5b23596afcdd00ea76bbaad4a');
INSERT INTO "audit" VALUES(16,1795341618000000,'limner','effect','case:q42npg3e','{"decision":"remove"}','61bf94816cf07ca2b9e7af42ef188a441a40eb12ec201518419858f8b2a165c2');
INSERT INTO "audit" VALUES(17,1795341618000000,'discord:c1:mod','decide','case:jxfqz90d','{"decision":"strike","reason":"strike it"}','6abab236dd6445cb5a3d17e3858208c578795fbfb94bbb33e6e71120604aa049');
INSERT INTO "audit" VALUES(18,1795341624000000,'discord:c1:mod','strike','principal:1','{"strike":1}','9d1d5b8bdabc4c4232cc05b8c4a4ce239274d5c6f0b42155dfd0f197879104cb');
INSERT INTO "audit" VALUES(19,1795341624000000,'limner','effect','case:jxfqz90d','{"decision":"strike"}','2e6e3a6260858e199d5c972bb2549b1ac6587404d25b15aeefe8f42828220096');
INSERT INTO "audit" VALUES(20,1795341624000000,'discord:c1:mod','decide','case:axq3zrp3','{"decision":"remove","reason":"no"}','22042ccc95d603846da9030fe6fd8b1e82afa0183fb451308e951c524c7ce9e1');
INSERT INTO "audit" VALUES(21,1795341630000000,'limner','effect','case:axq3zrp3','{"decision":"remove"}','8a60c6d5397758cbb6a16028508da816d85baa051f626329beb5b466f0174a11');
INSERT INTO "audit" VALUES(22,1795341630000000,'discord:c1:ann','second look','case:axq3zrp3','{}','4f2dcdf000032249a7b615166643fe6ad2c3eab2c99391ee77f9abdf8b097deb');
INSERT INTO "audit" VALUES(23,1795341630000000,'discord:c1:max','decide','case:axq3zrp3','{"decision":"remove","reason":"no"}','adbf6109731b5c506dd7ff949162c22e1576a75af7aa461952e61243f4a6debc');
INSERT INTO "audit" VALUES(24,1795341636000000,'limner','effect','case:axq3zrp3','{"decision":"remove"}','73c410bd8650ad3e7bf6583453c98ac550ee2eaec6a0e4ef7be3b9b780aac079');
INSERT INTO "audit" VALUES(25,1795341636000000,'discord:c1:mod','decide','case:76ddpwh5','{"decision":"remove","reason":"no"}','90cdcc156fe8c08489dd3b51a0b9ce378c7acf8078a8c552575b885cd1a8f630');
INSERT INTO "audit" VALUES(26,1795341642000000,'limner','effect','case:76ddpwh5','{"decision":"remove"}','34c0389407a967f325490bd493831f346242d2da8321caec1f9f2378c97bf045');
INSERT INTO "audit" VALUES(27,1795341642000000,'discord:c1:ann','second look','case:76ddpwh5','{}','29e07097480fd96740d0c91a0024fd0f5687da31e17333c6082aeb55dd6f00a7');
INSERT INTO "audit" VALUES(28,1795341642000000,'discord:c1:mod','decide','case:gkvsdywt','{"decision":"escalate","reason":"for the owner"}','a7fb54b4d98d3c981c80e47bab28138980712ae9a9066e207f975202879b1f4b');
INSERT INTO "audit" VALUES(29,1795341642000000,'discord:c1:mod','lock','principal:7','{"block":2}','001b5b362c09f397585f55af0a7e4d42f89a943222adc580e97e92d3f2868799');
INSERT INTO "audit" VALUES(30,1795341642000000,'limner','effect','case:gkvsdywt','{"decision":"escalate"}','323cae64479de1b05472568025e56ec55d526efcac653d3205a9c34e8f45ff71');
INSERT INTO "audit" VALUES(31,1795341648000000,'limner','erase','principal:7','{"jobs":0}','9f2a60878593e79b4975bb2c62e533719d733411ca26c59e40ef9a02e7ce5bbb');
INSERT INTO "audit" VALUES(32,1795341648000000,'limner','hide','case:1mpvav5g','{"pictures":1}','e387c2f0b9fe896f22f206c2301c7dc49d698796f0fd7e6329381f9a13060f7e');
INSERT INTO "audit" VALUES(33,1795341648000000,'limner','hide','case:kcptjdrf','{"pictures":1}','a82e22190c6f192526dae218147bdd1fbee2bb67eb69f3103a795c4eb42117a0');
INSERT INTO "audit" VALUES(34,1795341648000000,'discord:c1:mod','decide','case:kcptjdrf','{"decision":"remove","reason":"seen"}','90a7f5708bfcfa2b4cdb68d1b66e235c48fd00884fab0d4e8fb59092bac5e8ee');
INSERT INTO "audit" VALUES(35,1795341654000000,'limner','effect','case:kcptjdrf','{"decision":"remove"}','1d31c8e7476a29e7fd0ac29ed1cb9862b9ea5aa970fcd2754c8d419de97f8394');
INSERT INTO "audit" VALUES(36,1795341654000000,'limner','hide','case:8wxk43ye','{"pictures":1}','979469117632c6f5f5f86df9d0dddc6a9562a2a58ba0f99827bc050eed47a1f7');
INSERT INTO "audit" VALUES(37,1795341654000000,'discord:c1:mod','decide','case:8wxk43ye','{"decision":"approve","reason":"seen"}','c7824ece0023d98e24eccf1fc4573ae5dbe889cc4bbcd954ffb09bfac55f1c1a');
INSERT INTO "audit" VALUES(38,1795341660000000,'limner','effect','case:8wxk43ye','{"decision":"approve"}','a29457e94952ef8953d76aa8ca02224727909d36dcbf11c5547418c7ba67ac98');
INSERT INTO "audit" VALUES(39,1795341660000000,'limner','hide','case:8vhyq6bn','{"pictures":1}','6b36f27852491162b8e1b388aacf470e7582e32a4ed846dbf8ea7f5d896c359b');
INSERT INTO "audit" VALUES(40,1795341660000000,'limner','suspend','principal:13','{"block":3}','9c29ff5bd1e2e1244caa679695d76a66884e0971e719fb10310bb3b6cf46506b');
INSERT INTO "audit" VALUES(41,1795341660000000,'discord:c1:mod','decide','case:xsd7c152','{"decision":"strike","reason":"words"}','8db36ed7721fe84f83366e4d97743eeb86fee0334d17110f3cdbad7785abe428');
INSERT INTO "audit" VALUES(42,1795341666000000,'discord:c1:mod','strike','principal:13','{"strike":2}','65f23880c6a6e77d283618d9ceadd8facd8d466bd8d7793a3a70cfc8fcf77017');
INSERT INTO "audit" VALUES(43,1795341666000000,'limner','effect','case:xsd7c152','{"decision":"strike"}','a9c924899c586f31b4f060b8e9595ce1a18c29633badf2d496a6aa38e4f74218');
INSERT INTO "audit" VALUES(44,1795341666000000,'limner','suspend','principal:14','{"block":4}','4e79bea10aa98ee646dfa7d8bbc7b755d77d49bb4d766bd9303519a2c826893f');
INSERT INTO "audit" VALUES(45,1795341666000000,'discord:c1:mod','decide','case:295g2xf3','{"decision":"approve","reason":"words"}','2c537d85bc29776131ce6e32432599e2784c029c23d7b28b450fc916e40af0b7');
INSERT INTO "audit" VALUES(46,1795341672000000,'limner','effect','case:295g2xf3','{"decision":"approve"}','218d8ec310d9e401bce8b7029470d83585f7435e86c578a6921af86eb9d8226c');
INSERT INTO "audit" VALUES(47,1795341672000000,'limner','suspend','principal:15','{"block":5}','19b0a56f2e148b49bed6d9bec451a2dfc77207923bae7c7b2add9733af9dddb0');
INSERT INTO "audit" VALUES(48,1795341672000000,'discord:c1:mod','decide','case:w7f0k0q9','{"decision":"remove","reason":"words"}','2f1915d9a778a1af1be0ce283e5d336f0bd9f874d1b60c0e6919d5d9c7100278');
INSERT INTO "audit" VALUES(49,1795341678000000,'limner','effect','case:w7f0k0q9','{"decision":"remove"}','c10928993f00b31ed593101f88d61e56610d7c4f0a845a213397c57cc49e990d');
INSERT INTO "audit" VALUES(50,1795341678000000,'limner','suspend','principal:16','{"block":6}','73ec8868ee81e8995994ed1d51949080756f069079a5280e6f36d371bbbd4067');
INSERT INTO "audit" VALUES(51,1795341678000000,'discord:c1:mod','reveal prompt','case:9y4qg938','{}','2615db257d6ac4f787b4cea8f1fc8d213266525f6c3c0343a43bf5cd9b3c370c');
INSERT INTO "audit" VALUES(52,1795341678000000,'discord:c1:mod','reveal','case:9y4qg938','{"picture":1}','96f13403d209eb4fe8cdf3238fda8d92367ef1b253ea65df2a0872fd644277be');
INSERT INTO "audit" VALUES(53,1795341678000000,'discord:c1:mod','decide','case:458pr69j','{"decision":"remove","reason":"a slip"}','707c2a25c08d60b9bdb1c6246a557099639aa310ddca8b9dbc3474930133e82c');
INSERT INTO "audit" VALUES(54,1795341678000000,'discord:c1:mod','take back','case:458pr69j','{}','b3d31d79a2b883112221749b95572548273632a7508096772ec75c4aeb7f6212');
INSERT INTO "audit" VALUES(55,1795341678000000,'discord:c1:mod','strike','principal:4','{"strike":3}','ded4eeea6591f12d3c80003f71f5b65e3bb9d78428a887b9a43855bc63f66f11');
INSERT INTO "audit" VALUES(56,1795341678000000,'discord:c1:mod','lift strike','principal:4','{"strike":3}','75cb4a08771b272cfd64ffa35fb2007a7be835861b1df7df8c5f479f04cf0006');
INSERT INTO "audit" VALUES(57,1795341678000000,'discord:c1:mod','strike','principal:4','{"strike":4}','696f3347ce219e6603eb896340c1b6bf7c777b1491f11dedd85a5af5a3eaca9d');
INSERT INTO "audit" VALUES(58,1795345200000000,'discord:c1:adm','settings','discord:c1','{"account_age_days":0,"channels":[],"day_micros":80000,"flagged":"review","flagged_age_restricted":null,"flagged_channels":{},"membership_days":0,"models":[],"moderator_channel":"","moderator_role":"","moderators":[],"month_micros":null,"outsiders":false,"paused":false,"person_day_micros":null,"person_month_micros":null,"role_day_micros":{},"role_month_micros":{},"set_up":false,"soft_words":null,"strike_days":90,"trusted_roles":[],"unknown":null,"withheld_cost":"unless_confirmed","words_added":[],"words_allowed":[]}','b5e654cc0ac3bbbc88b6ec4102ffd54caf132839b71d2eccc3eaf494d9024c6a');
INSERT INTO "audit" VALUES(59,1795345200000000,'discord:c1:adm','settings','discord:c1','{"account_age_days":0,"channels":[],"day_micros":80000,"flagged":"block","flagged_age_restricted":null,"flagged_channels":{},"membership_days":0,"models":[],"moderator_channel":"","moderator_role":"","moderators":[],"month_micros":null,"outsiders":false,"paused":false,"person_day_micros":null,"person_month_micros":null,"role_day_micros":{},"role_month_micros":{},"set_up":false,"soft_words":null,"strike_days":90,"trusted_roles":[],"unknown":null,"withheld_cost":"unless_confirmed","words_added":[],"words_allowed":[]}','cedc1423630f0b5de3a3c21716e344068ff78b9351c2c1a54d6538ac49b6cf2a');
INSERT INTO "audit" VALUES(60,1795345200000000,'discord:c1:bob','second look','case:x62mmnsk','{}','2d40db996bb49296f2495058844748c8b9376f9e119fb3c5ed358a655e59773b');
INSERT INTO "audit" VALUES(61,1795345200000000,'discord:c1:adm','settings','discord:c1','{"account_age_days":0,"channels":[],"day_micros":80000,"flagged":"review","flagged_age_restricted":null,"flagged_channels":{},"membership_days":0,"models":[],"moderator_channel":"","moderator_role":"","moderators":[],"month_micros":null,"outsiders":false,"paused":false,"person_day_micros":null,"person_month_micros":null,"role_day_micros":{},"role_month_micros":{},"set_up":false,"soft_words":null,"strike_days":90,"trusted_roles":[],"unknown":null,"withheld_cost":"unless_confirmed","words_added":[],"words_allowed":[]}','0e9c1c30fa255b13698aff2c76e2092daae8e4b49e8a2e9f0830601b9757d8ca');
INSERT INTO "audit" VALUES(62,1795345200000000,'discord:c1:mod','settings','discord:c1','{"account_age_days":0,"channels":[],"day_micros":80000,"flagged":"review","flagged_age_restricted":null,"flagged_channels":{},"membership_days":0,"models":[],"moderator_channel":"","moderator_role":"","moderators":[],"month_micros":null,"outsiders":false,"paused":false,"person_day_micros":null,"person_month_micros":null,"role_day_micros":{},"role_month_micros":{},"set_up":false,"soft_words":null,"strike_days":90,"trusted_roles":[],"unknown":null,"withheld_cost":"unless_confirmed","words_added":["teapot"],"words_allowed":[]}','01beec485e16e53c0cd7ec5e104be2a447410e0615fbc659857db086f5846af5');
INSERT INTO "audit" VALUES(63,1795345200000000,'discord:c2:adm','settings','discord:c2','{"account_age_days":0,"channels":[],"day_micros":null,"flagged":"block","flagged_age_restricted":null,"flagged_channels":{},"membership_days":0,"models":[],"moderator_channel":"","moderator_role":"","moderators":[],"month_micros":null,"outsiders":false,"paused":false,"person_day_micros":null,"person_month_micros":null,"role_day_micros":{},"role_month_micros":{},"set_up":false,"soft_words":null,"strike_days":90,"trusted_roles":[],"unknown":null,"withheld_cost":"unless_confirmed","words_added":[],"words_allowed":[]}','aa1634348a1ef347103ad8276ceac2403dd096fbc94c146fab10b20059446cfd');
INSERT INTO "audit" VALUES(64,1795345200000000,'discord:c2:adm','settings','discord:c2','{"account_age_days":3,"channels":["studio","attic"],"day_micros":2000,"flagged":"allow","flagged_age_restricted":"spoiler","flagged_channels":{"attic":"review","studio":"block"},"membership_days":2,"models":["stabilityai/stable-diffusion-2-1"],"moderator_channel":"mods","moderator_role":"r4","moderators":["mod"],"month_micros":500000,"outsiders":true,"paused":false,"person_day_micros":50000,"person_month_micros":100000,"role_day_micros":{"r1":40000},"role_month_micros":{"r2":90000},"set_up":true,"soft_words":"block","strike_days":30,"trusted_roles":["r3"],"unknown":"review","withheld_cost":"never","words_added":["kettle"],"words_allowed":["pot"]}','b2a1b968791b12c72813c0167b8030bb25814143f623f1baa0e0c08f43115a02');
INSERT INTO "audit" VALUES(65,1795345200000000,'slack:T1:U0','settings','slack:T1','{"account_age_days":0,"channels":[],"day_micros":null,"flagged":null,"flagged_age_restricted":null,"flagged_channels":{},"membership_days":0,"models":[],"moderator_channel":"","moderator_role":"","moderators":[],"month_micros":null,"outsiders":true,"paused":false,"person_day_micros":null,"person_month_micros":null,"role_day_micros":{},"role_month_micros":{},"set_up":false,"soft_words":null,"strike_days":90,"trusted_roles":[],"unknown":null,"withheld_cost":"always","words_added":[],"words_allowed":[]}','6cfc924f7f3d09fe269eaef245c8b30aa90279e61f7187cf04770e6a0b17c06c');
INSERT INTO "audit" VALUES(66,1795345200000000,'discord:c1:mod','block','principal:19','{"reason":"spam"}','f4d019b124be9c63897df11cabf06b5a26cd30e60781948e8a0ccbe5c4250545');
INSERT INTO "audit" VALUES(67,1795345200000000,'discord:c1:mod','block','principal:20','{"reason":"more spam"}','3f63e3948f4236fb5d91b4a45774f972befe01f58a1ff1aa43798f715aa37a4f');
INSERT INTO "audit" VALUES(68,1795345200000000,'discord:c1:mod','block','principal:21','{"reason":"a mistake"}','916cdb5350d0f19c7ae7f84a9cb98eb7dddd5c11bc7e16fb1524390774fba42a');
INSERT INTO "audit" VALUES(69,1795345200000000,'discord:c1:adm','unblock','principal:21','{"count":1}','6ff922d9b920cebe430d3bf0ed1ecc0d153f70e01185ffd7f7ef6ac20d4a36d9');
INSERT INTO "audit" VALUES(70,1795345200000000,'discord:c1:mod','block','principal:22','{"reason":"for a while"}','e9c06f1612dd93d2836c13488d751915fb4b80ae31ad19036cdf0297c10a21b7');
INSERT INTO "audit" VALUES(71,1795345200000000,'discord:c1:mod','unblock','principal:22','{"count":1}','1b905bab0c9490801a0abea1b22dc329bdf31b6a8ffe8045f404525eacd6c2e7');
INSERT INTO "audit" VALUES(72,1795345200000000,'web:local:owner','pause','everybody','{}','5ab579a197b346a1032fa909f23f2fbfa88a8b10d01aa175d5bca3d1b7e1436b');
INSERT INTO "audit" VALUES(73,1795345200000000,'web:local:owner','resume','everybody','{}','2b41aa4186ae5523c20f0bfc9ea1d184a45beecb55114403c4714a63fc092141');
INSERT INTO "audit" VALUES(74,1795345200000000,'discord:c1:mod','purge','principal:24','{"jobs":1,"pictures":1,"since":"2026-11-22T10:00:00+00:00"}','b5152e4571e7286d4444a19a8bc6a66943d26586bb90b0384a46177dbc60ea75');
INSERT INTO "audit" VALUES(75,1795345200000000,'discord:c1:mod','block','principal:25','{"reason":"spam"}','57db3946a048c5c2eb189f33ce541d4ca672755d594d50652bfa7ee0694afa6b');
INSERT INTO "audit" VALUES(76,1795345200000000,'limner','erase','principal:25','{"jobs":1}','00251efbb43ff358fcfaa770f90e6cfcc169b7825c493edc8923b7e243ede17f');
INSERT INTO "audit" VALUES(77,1795348800000000,'discord:c2:mod','decide','case:a5n4v27a','{"decision":"remove","reason":"not yet in effect"}','894b760e0934e93bc75ef46de325366954f1c7e29a0f07b5817d5e4ebe77219a');
INSERT INTO "audit" VALUES(78,1795348800000000,'web:local:owner','decide','case:84yxwpy7','{"decision":"escalate","reason":"at once"}','6b60d4393fbd459c5347380f583f3f812e99bc7f463b114b7bac2d811cea1e64');
INSERT INTO "audit" VALUES(79,1795348800000000,'web:local:owner','lock','principal:29','{"block":12}','aec8020b51b34413e21e57421ab768397610ba5d52b66833a40ff8129b85d3d1');
INSERT INTO "audit" VALUES(80,1795348800000000,'limner','effect','case:84yxwpy7','{"decision":"escalate"}','1f7fd604026e5ea4a0cbb2748ceac868caae8fe51ba1547c39b5d73cb6bba204');
INSERT INTO "audit" VALUES(81,1795348800000000,'limner','erase','principal:30','{"jobs":1}','e261cdde6e09f8b631aa9785822b3cd81bd267a76fc9dff26f177b95070509eb');
CREATE TABLE audit_anchor (
  through_id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
INSERT INTO "audit_anchor" VALUES(4,'6e38f715602dc39fcc842d71f8f6fea615d631050130de7f7535b442e78b3656',1795168800000000);
CREATE TABLE blob (
  sha256 TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  refs INTEGER NOT NULL CHECK (refs >= 0),
  created_at INTEGER NOT NULL
) STRICT;
INSERT INTO "blob" VALUES('b6b6b6c45597385228b0cc173b5197e4b7f559bbbd86de94d8829c929c309f08','image/png',82,1,1795168800000000);
INSERT INTO "blob" VALUES('42300b27861a3ff8216656a33460c4ca4a12d5dea854cec4ca20ed9b49988026','image/png',82,1,1795341600000000);
INSERT INTO "blob" VALUES('fc6ab24a9cd1b141e70c0b4fbc354619ce19185db7dee04650e442f016b0c9ed','image/png',82,1,1795341606000000);
INSERT INTO "blob" VALUES('7eb3c5f1a32091a6efc352ce167dc4984a0b7c406a0ad00e581775e115579bbd','image/png',82,1,1795341612000000);
INSERT INTO "blob" VALUES('328cda750f913354ed33d89e86e1a77a6de695e5bba115e784b78a62c2e8c127','image/png',82,1,1795341618000000);
INSERT INTO "blob" VALUES('9db5efe9b45e485c398f9470e60e54bf6d87ae44763702a42c71e52a8b2baa97','image/png',82,1,1795341624000000);
INSERT INTO "blob" VALUES('d1bc0bd7b7c65028cc895bc643e31c0efc02a53a4210fc063cdb0d6acb5bf11c','image/png',82,1,1795341624000000);
INSERT INTO "blob" VALUES('a53988bf894fc60388a097bf71d4fd3a65702334b96922e9eb6abb6519891dd6','image/png',82,1,1795341636000000);
INSERT INTO "blob" VALUES('3cea5c11f9f364ab0d08bab8ca05544260eac0e3ffe9acc7544a332919ff139f','image/png',82,1,1795341648000000);
INSERT INTO "blob" VALUES('c2571813ed1931a4038bbe8f04a9e60d1c2d026e49ca325ce9bca87ce847fbeb','image/png',82,1,1795341648000000);
INSERT INTO "blob" VALUES('5b82c67fbb4b5bcda820e3d4501044583fa259dcf8b853d15c562c95911373ca','image/png',82,1,1795341654000000);
INSERT INTO "blob" VALUES('a3389b1ac6a769da6f9a53c18b8dcb45ec56d43e4c320ae66ec54fd3c032796c','image/png',82,1,1795341660000000);
INSERT INTO "blob" VALUES('0332136f351a7f9258ba99bfce61c5ff865341f1497b8934933bea3fe8051b82','image/png',82,1,1795341678000000);
INSERT INTO "blob" VALUES('201c7da120892448151f1094fdcbe618be5d8b7e895b2fdeef0b749d8a178c11','image/png',82,1,1795341678000000);
INSERT INTO "blob" VALUES('d864dffb86a3bb322bda7e84e932a133ca923244e21a8b321f8028255cf26519','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('ca8e6e78449191b960c33f38a17484c83f228adf9a2fcd58a58ce10cde10e7c5','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('a1cf5a7eaa2f7ab465a91d4a5fafbae0d3c5f26dfe4acade8a33a9968a2c9716','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('1cf1ab4e0cff40c5e965b6ba12ba4f66ab648b23b0cfc12747ae88d979422565','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('ed58a710036a711d8e7bf6a1bed81fb6270506a860eba56058e7a32938114267','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('8eff26c55482b3ceac32edbf2a6cc39a3264f304dd1e7032e7fca9df56fd7782','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('32e8e8de8af75dada1c3c7c6d55ee49aafea4f28164464fe28e2dc3b61a3bd9e','image/png',88,1,1795345200000000);
INSERT INTO "blob" VALUES('5ab57fa40caf728bb23604f898a346181a7a358a7f532f489a0cbaf1124c6f2a','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('82e28051d8da6f65b9826a1984709bbc17fee71e59f54fffcc70f9d75eef1dce','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('2f4ecc5efe9eff51d9bb5447064f3cbc343e404a67731eebf589429bfdaee030','image/png',88,1,1795345200000000);
INSERT INTO "blob" VALUES('5fdcaa5d564e236b65542eca17ecd383f071c3a39f9475c1a84bccfe2c1e51f2','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('f5beb03ec3e70314356160f262c7dab15a6d4ce3826c45db460ff57a8f6b4623','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('a8cb552aa5e2d312f35913f38517a32bcc7c341f7fce34bf0603d6e33c1879ad','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('59e3cc8514688fc6cfa031c790b5f8d7a9c2e04a669b982fde9e5045c64d9474','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('0cef8cea4a3a26ad4c3aa9cb9ee2b1cfaf973e7044e7a72ab0312aece98c06b8','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('c1e95f63b0d4c7431f0ddb3f5d4dd9324a71cd41f341fc5df66773b6e95f48dc','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('19f3d8c960fd2954457c85adc5673078b2bea4b9964a4314c6c3c6f48e3a3a49','image/png',82,1,1795345200000000);
INSERT INTO "blob" VALUES('5781478f9642084673185c6e3d2eedadf7f1068111c867d24079a016d35950bd','image/webp',64,1,1795348800000000);
INSERT INTO "blob" VALUES('b6204bef0956114a80feed6513d59327d9bbf1aceaa3af9a38d7e09f13688ed3','image/png',84,1,1795348800000000);
INSERT INTO "blob" VALUES('7a37c528af018dd53703a02f11951312fbfc28fec7bf4889c469ca2b12447546','image/jpeg',645,1,1795348800000000);
INSERT INTO "blob" VALUES('7c5b6e3ccf2c9d01b3161b5ded28a556416eb5217d16cc8a24f8ae5b3a7b3ff3','image/webp',84,1,1795348800000000);
INSERT INTO "blob" VALUES('fbc3ff154b3de302a02c38a801aa62d3eb730d93d4aeebded81d05bfa9992e28','image/png',91,1,1795348800000000);
INSERT INTO "blob" VALUES('2629cb03064bb28f3d8b8f99d5aa4d99eb9b23fb9809841cbdba86a01b04135b','image/png',92,1,1795348800000000);
INSERT INTO "blob" VALUES('9b83e874d5ef5c3e98f72a493d53cc2377626e96d0b0698a59de28c5582bc559','image/png',94,1,1795348800000000);
CREATE TABLE block (
  id INTEGER PRIMARY KEY,
  principal_id INTEGER NOT NULL REFERENCES principal,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  until INTEGER,
  lifted_at INTEGER,
  lifted_by TEXT
, case_id INTEGER REFERENCES review_case, locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1))) STRICT;
INSERT INTO "block" VALUES(1,1,'escalated','discord:c1:mod',1775044806000000,NULL,1775044812000000,'terminal:local:owner',2,1);
INSERT INTO "block" VALUES(2,7,'escalated','discord:c1:mod',1795341642000000,NULL,NULL,NULL,12,1);
INSERT INTO "block" VALUES(3,13,'refused words','limner',1795341660000000,1795428060000000,NULL,NULL,17,0);
INSERT INTO "block" VALUES(4,14,'refused words','limner',1795341666000000,1795428066000000,1795341672000000,'discord:c1:mod',18,0);
INSERT INTO "block" VALUES(5,15,'refused words','limner',1795341672000000,1795428072000000,NULL,NULL,19,0);
INSERT INTO "block" VALUES(6,16,'refused words','limner',1795341678000000,1795428078000000,NULL,NULL,20,0);
INSERT INTO "block" VALUES(7,19,'spam','discord:c1:mod',1795345200000000,1796083200000000,NULL,NULL,NULL,0);
INSERT INTO "block" VALUES(8,20,'more spam','discord:c1:mod',1795345200000000,NULL,NULL,NULL,NULL,0);
INSERT INTO "block" VALUES(9,21,'a mistake','discord:c1:mod',1795345200000000,NULL,1795345200000000,'discord:c1:adm',NULL,0);
INSERT INTO "block" VALUES(10,22,'for a while','discord:c1:mod',1795345200000000,NULL,1795345200000000,'discord:c1:mod',NULL,0);
INSERT INTO "block" VALUES(11,25,'spam','discord:c1:mod',1795345200000000,NULL,NULL,NULL,NULL,0);
INSERT INTO "block" VALUES(12,29,'escalated','web:local:owner',1795348800000000,NULL,NULL,NULL,25,1);
CREATE TABLE blocked_hash (
  id INTEGER PRIMARY KEY,
  community_id INTEGER REFERENCES principal,
  case_id INTEGER REFERENCES review_case,
  pdq BLOB NOT NULL,
  source TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
INSERT INTO "blocked_hash" VALUES(1,2,1,X'FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5','case',1775044806000000);
INSERT INTO "blocked_hash" VALUES(2,2,1,X'C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3','case',1775044806000000);
INSERT INTO "blocked_hash" VALUES(3,NULL,2,X'2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB','case',1775044806000000);
INSERT INTO "blocked_hash" VALUES(4,2,7,X'7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD','case',1795341618000000);
INSERT INTO "blocked_hash" VALUES(5,2,8,X'328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127','case',1795341624000000);
INSERT INTO "blocked_hash" VALUES(6,2,10,X'D1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11C','case',1795341630000000);
INSERT INTO "blocked_hash" VALUES(7,2,11,X'A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6','case',1795341642000000);
INSERT INTO "blocked_hash" VALUES(8,NULL,12,X'7DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF1','case',1795341642000000);
INSERT INTO "blocked_hash" VALUES(9,2,14,X'C2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEB','case',1795341654000000);
INSERT INTO "blocked_hash" VALUES(10,NULL,NULL,X'0707070707070707070707070707070707070707070707070707070707070707','the owner''s list',1795345200000000);
CREATE TABLE card (
  id INTEGER PRIMARY KEY,
  job_key TEXT NOT NULL REFERENCES job,
  surface TEXT NOT NULL,
  address TEXT NOT NULL, -- JSON, the surface's own
  state TEXT NOT NULL CHECK (state IN ('live', 'withdrawing', 'withdrawn', 'dead')),
  shown_revision INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  trouble TEXT
) STRICT;
INSERT INTO "card" VALUES(1,'ruhqvuefb732s7ll','wall','{"nail":"spring","seen":4}','live',4,NULL,0,NULL);
INSERT INTO "card" VALUES(2,'cuyxkinubcxz4ch2','wall','{}','withdrawn',3,NULL,0,NULL);
INSERT INTO "card" VALUES(3,'hgiovwwxltupl6sh','wall','{}','withdrawn',3,NULL,0,NULL);
INSERT INTO "card" VALUES(4,'7nueydlb35v5ilw4','wall','{"nail":"undecided","seen":5}','live',5,NULL,0,NULL);
INSERT INTO "card" VALUES(5,'ytkfqddyve7e2a32','wall','{"nail":"case, approve","seen":4}','live',4,NULL,0,NULL);
INSERT INTO "card" VALUES(6,'cud7mmndmanlnei2','wall','{"nail":"case, blur","seen":4}','live',4,NULL,0,NULL);
INSERT INTO "card" VALUES(7,'krhm2ay72jfh5riw','wall','{"nail":"case, remove","seen":4}','live',4,NULL,0,NULL);
INSERT INTO "card" VALUES(8,'dfwe4bbzzy5gagds','wall','{"nail":"case, strike","seen":4}','live',4,NULL,0,NULL);
INSERT INTO "card" VALUES(9,'bo3ddclf762jxgzr','wall','{"nail":"seen by the classifier","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(10,'jg3tmjlgnqgg7s6y','wall','{"nail":"looked at twice","seen":6}','live',6,NULL,0,NULL);
INSERT INTO "card" VALUES(11,'rlzmdgl73ypj5xg7','wall','{"nail":"waits for another moderator","seen":5}','live',5,NULL,0,NULL);
INSERT INTO "card" VALUES(12,'uw5szbz52cqpz5xt','wall','{}','withdrawn',3,NULL,0,NULL);
INSERT INTO "card" VALUES(13,'4dpafyxlqboelgvs','wall','{"nail":"reported","seen":4}','live',4,NULL,0,NULL);
INSERT INTO "card" VALUES(14,'w3o3ltyy77uokzlo','wall','{"nail":"hidden at once, remove","seen":5}','live',5,NULL,0,NULL);
INSERT INTO "card" VALUES(15,'oyqyujidxgl5nqot','wall','{"nail":"hidden at once, approve","seen":5}','live',5,NULL,0,NULL);
INSERT INTO "card" VALUES(16,'xpi6sdkbxwre5if3','wall','{"nail":"hidden at once","seen":4}','live',4,NULL,0,NULL);
INSERT INTO "card" VALUES(17,'u7bxndq2urz474ef','wall','{"nail":"claimed","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(18,'6tfvp2dklup56oyl','wall','{"nail":"taken back","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(19,'ncbf72pgzlhphxm4','wall','{"nail":"withheld by itself","seen":5}','live',5,NULL,0,NULL);
INSERT INTO "card" VALUES(20,'qjklvoqkqkh7hjeh','wall','{"nail":"half","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(21,'e7oememmhnlfzden','wall','{"nail":"kept","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(22,'e7oememmhnlfzden','webhook','{"url":"https://example.org/hook"}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(23,'g7um3yzhu3a4s7e2','wall','{"nail":"again","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(24,'nvlo5jqt22oh4h2a','wall','{"nail":"vary","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(25,'y674q44ngq3c34rg','wall','{"nail":"upscale","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(26,'yruggbeyscnjgeta','wall','{"nail":"edit","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(27,'e33i6dzw3s7merto','wall','{"nail":"half deleted","seen":4}','live',4,NULL,0,NULL);
INSERT INTO "card" VALUES(28,'ko5tlp5fagwfx7vo','wall','{"nail":"purged","seen":4}','live',4,NULL,0,NULL);
INSERT INTO "card" VALUES(29,'zburtzk6gv53a7ke','wall','{}','withdrawn',3,NULL,0,NULL);
INSERT INTO "card" VALUES(30,'4tdi6tr7oqfdishi','wall','{"nail":"Broken","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(31,'zte36c3auzjircck','wall','{"nail":"BackendTimedOut","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(32,'4g55aprpassqyofb','wall','{"nail":"BackendCutOff","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(33,'esdwjs5izmwxqorx','wall','{"nail":"BackendModerated","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(34,'f2z2ubvgtvadjp5d','wall','{"nail":"BackendGarbled","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(35,'cxzw3t26r5awlb5d','wall','{"nail":"BackendUnkept","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(36,'5n5iewdp2mk4xqt6','wall','{"nail":"BackendEmpty","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(37,'xopzuqxybwyl5vsr','wall','{"nail":"dearer","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(38,'ejvyfij7lb67phsr','wall','{"nail":"Cancelled","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(39,'bem6sxrchqn7orz6','wall','{"nail":"cancelled, bill unknown","seen":3}','live',3,NULL,0,NULL);
INSERT INTO "card" VALUES(40,'o4kt53oo7eydi3xc','wall','{"nail":"message gone"}','dead',0,NULL,1,'gone');
INSERT INTO "card" VALUES(41,'i5xxojxlkbase4mq','wall','{"nail":"q"}','live',0,1795348800000000,0,NULL);
INSERT INTO "card" VALUES(42,'lx73begx6tem4des','slack','{"attempt":"new","attempted_at":"2026-11-22T12:00:00+00:00","channel":"C1","cost_told":false,"files":{"1":"F1"},"person":"U1","posted":false,"private":false,"shared":{"1":"F2"},"team":"T1","ts":"1795348800.000100"}','live',0,1795348800000000,0,NULL);
INSERT INTO "card" VALUES(43,'7sg6dqpmo6uxos2u','discord','{"application_id":7,"attempt":"dm","attempted_at":"2026-11-22T12:00:00+00:00","channel":10,"cost_told":true,"dm":12,"file_limit_bytes":1000,"guild":9,"message":11,"person":8,"posted":false,"private":true,"reachable":true,"token":"a-token","token_expires_at":"2026-11-22T12:15:00+00:00"}','live',0,1795348800000000,0,NULL);
INSERT INTO "card" VALUES(44,'buoyro7dmwyathqv','wall','{"nail":"behind"}','live',0,1795348801000000,1,'HTTPException');
INSERT INTO "card" VALUES(45,'ohqre2fxejxt3ky7','discord','{"person":1}','withdrawing',0,1795348800000000,0,NULL);
CREATE TABLE case_picture (
  case_id INTEGER NOT NULL REFERENCES review_case,
  position INTEGER NOT NULL,
  before TEXT NOT NULL,
  PRIMARY KEY (case_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "case_picture" VALUES(1,0,'show');
INSERT INTO "case_picture" VALUES(1,1,'show');
INSERT INTO "case_picture" VALUES(2,0,'review');
INSERT INTO "case_picture" VALUES(3,0,'review');
INSERT INTO "case_picture" VALUES(4,0,'review');
INSERT INTO "case_picture" VALUES(5,0,'review');
INSERT INTO "case_picture" VALUES(6,0,'spoiler');
INSERT INTO "case_picture" VALUES(7,0,'review');
INSERT INTO "case_picture" VALUES(8,0,'review');
INSERT INTO "case_picture" VALUES(9,0,'review');
INSERT INTO "case_picture" VALUES(10,0,'review');
INSERT INTO "case_picture" VALUES(11,0,'review');
INSERT INTO "case_picture" VALUES(12,0,'review');
INSERT INTO "case_picture" VALUES(13,0,'show');
INSERT INTO "case_picture" VALUES(14,0,'show');
INSERT INTO "case_picture" VALUES(15,0,'show');
INSERT INTO "case_picture" VALUES(16,0,'show');
INSERT INTO "case_picture" VALUES(21,0,'review');
INSERT INTO "case_picture" VALUES(22,0,'review');
INSERT INTO "case_picture" VALUES(23,0,'block');
INSERT INTO "case_picture" VALUES(24,0,'review');
INSERT INTO "case_picture" VALUES(25,0,'review');
CREATE TABLE community (
  principal_id INTEGER PRIMARY KEY REFERENCES principal,
  settings TEXT NOT NULL -- JSON of CommunitySettings
) STRICT;
INSERT INTO "community" VALUES(2,'{"set_up":false,"paused":false,"person_day_micros":null,"person_month_micros":null,"day_micros":80000,"month_micros":null,"role_day_micros":{},"role_month_micros":{},"models":[],"flagged":"review","flagged_age_restricted":null,"flagged_channels":{},"unknown":null,"soft_words":null,"words_added":["teapot"],"words_allowed":[],"trusted_roles":[],"withheld_cost":"unless_confirmed","strike_days":90,"account_age_days":0,"membership_days":0,"channels":[],"moderator_channel":"","moderator_role":"","moderators":[],"outsiders":false}');
INSERT INTO "community" VALUES(17,'{"set_up":true,"paused":false,"person_day_micros":50000,"person_month_micros":100000,"day_micros":2000,"month_micros":500000,"role_day_micros":{"r1":40000},"role_month_micros":{"r2":90000},"models":["stabilityai/stable-diffusion-2-1"],"flagged":"allow","flagged_age_restricted":"spoiler","flagged_channels":{"studio":"block","attic":"review"},"unknown":"review","soft_words":"block","words_added":["kettle"],"words_allowed":["pot"],"trusted_roles":["r3"],"withheld_cost":"never","strike_days":30,"account_age_days":3,"membership_days":2,"channels":["studio","attic"],"moderator_channel":"mods","moderator_role":"r4","moderators":["mod"],"outsiders":true}');
INSERT INTO "community" VALUES(18,'{"set_up":false,"paused":false,"person_day_micros":null,"person_month_micros":null,"day_micros":null,"month_micros":null,"role_day_micros":{},"role_month_micros":{},"models":[],"flagged":null,"flagged_age_restricted":null,"flagged_channels":{},"unknown":null,"soft_words":null,"words_added":[],"words_allowed":[],"trusted_roles":[],"withheld_cost":"always","strike_days":90,"account_age_days":0,"membership_days":0,"channels":[],"moderator_channel":"","moderator_role":"","moderators":[],"outsiders":true}');
CREATE TABLE delivered (
  topic TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "delivered" VALUES('slack:Ev1',1795345200000000);
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  job_key TEXT REFERENCES job,
  account_id INTEGER NOT NULL REFERENCES account,
  kind TEXT NOT NULL CHECK (kind IN ('grant', 'hold', 'post', 'void', 'refund', 'adjust')),
  amount INTEGER NOT NULL,
  ref_id INTEGER REFERENCES entry,
  key TEXT NOT NULL UNIQUE,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  CHECK (amount >= 0 OR kind = 'adjust')
) STRICT;
INSERT INTO "entry" VALUES(1,NULL,1,'grant',60000,NULL,'allowance:1','limner',1775044800000000);
INSERT INTO "entry" VALUES(2,'ruhqvuefb732s7ll',1,'hold',2000,NULL,'ruhqvuefb732s7ll:hold:1','limner',1775044800000000);
INSERT INTO "entry" VALUES(3,NULL,2,'grant',200000,NULL,'allowance:2','limner',1775044800000000);
INSERT INTO "entry" VALUES(4,'ruhqvuefb732s7ll',2,'hold',2000,NULL,'ruhqvuefb732s7ll:hold:2','limner',1775044800000000);
INSERT INTO "entry" VALUES(5,NULL,3,'grant',90000,NULL,'allowance:3','limner',1775044800000000);
INSERT INTO "entry" VALUES(6,'ruhqvuefb732s7ll',3,'hold',2000,NULL,'ruhqvuefb732s7ll:hold:3','limner',1775044800000000);
INSERT INTO "entry" VALUES(7,'ruhqvuefb732s7ll',4,'hold',2000,NULL,'ruhqvuefb732s7ll:hold:4','limner',1775044800000000);
INSERT INTO "entry" VALUES(8,'ruhqvuefb732s7ll',5,'hold',2000,NULL,'ruhqvuefb732s7ll:hold:5','limner',1775044800000000);
INSERT INTO "entry" VALUES(9,'ruhqvuefb732s7ll',1,'post',2000,2,'ruhqvuefb732s7ll:post:1','limner',1775044800000000);
INSERT INTO "entry" VALUES(10,'ruhqvuefb732s7ll',2,'post',2000,4,'ruhqvuefb732s7ll:post:2','limner',1775044800000000);
INSERT INTO "entry" VALUES(11,'ruhqvuefb732s7ll',3,'post',2000,6,'ruhqvuefb732s7ll:post:3','limner',1775044800000000);
INSERT INTO "entry" VALUES(12,'ruhqvuefb732s7ll',4,'post',2000,7,'ruhqvuefb732s7ll:post:4','limner',1775044800000000);
INSERT INTO "entry" VALUES(13,'ruhqvuefb732s7ll',5,'post',2000,8,'ruhqvuefb732s7ll:post:5','limner',1775044800000000);
INSERT INTO "entry" VALUES(14,'cuyxkinubcxz4ch2',1,'hold',1000,NULL,'cuyxkinubcxz4ch2:hold:1','limner',1775044806000000);
INSERT INTO "entry" VALUES(15,'cuyxkinubcxz4ch2',2,'hold',1000,NULL,'cuyxkinubcxz4ch2:hold:2','limner',1775044806000000);
INSERT INTO "entry" VALUES(16,'cuyxkinubcxz4ch2',3,'hold',1000,NULL,'cuyxkinubcxz4ch2:hold:3','limner',1775044806000000);
INSERT INTO "entry" VALUES(17,'cuyxkinubcxz4ch2',4,'hold',1000,NULL,'cuyxkinubcxz4ch2:hold:4','limner',1775044806000000);
INSERT INTO "entry" VALUES(18,'cuyxkinubcxz4ch2',5,'hold',1000,NULL,'cuyxkinubcxz4ch2:hold:5','limner',1775044806000000);
INSERT INTO "entry" VALUES(19,'cuyxkinubcxz4ch2',1,'post',1000,14,'cuyxkinubcxz4ch2:post:1','limner',1775044806000000);
INSERT INTO "entry" VALUES(20,'cuyxkinubcxz4ch2',2,'post',1000,15,'cuyxkinubcxz4ch2:post:2','limner',1775044806000000);
INSERT INTO "entry" VALUES(21,'cuyxkinubcxz4ch2',3,'post',1000,16,'cuyxkinubcxz4ch2:post:3','limner',1775044806000000);
INSERT INTO "entry" VALUES(22,'cuyxkinubcxz4ch2',4,'post',1000,17,'cuyxkinubcxz4ch2:post:4','limner',1775044806000000);
INSERT INTO "entry" VALUES(23,'cuyxkinubcxz4ch2',5,'post',1000,18,'cuyxkinubcxz4ch2:post:5','limner',1775044806000000);
INSERT INTO "entry" VALUES(24,NULL,6,'grant',60000,NULL,'allowance:6','limner',1775044812000000);
INSERT INTO "entry" VALUES(25,'hgiovwwxltupl6sh',6,'hold',1000,NULL,'hgiovwwxltupl6sh:hold:6','limner',1775044812000000);
INSERT INTO "entry" VALUES(26,NULL,7,'grant',200000,NULL,'allowance:7','limner',1775044812000000);
INSERT INTO "entry" VALUES(27,'hgiovwwxltupl6sh',7,'hold',1000,NULL,'hgiovwwxltupl6sh:hold:7','limner',1775044812000000);
INSERT INTO "entry" VALUES(28,'hgiovwwxltupl6sh',3,'hold',1000,NULL,'hgiovwwxltupl6sh:hold:3','limner',1775044812000000);
INSERT INTO "entry" VALUES(29,'hgiovwwxltupl6sh',4,'hold',1000,NULL,'hgiovwwxltupl6sh:hold:4','limner',1775044812000000);
INSERT INTO "entry" VALUES(30,'hgiovwwxltupl6sh',5,'hold',1000,NULL,'hgiovwwxltupl6sh:hold:5','limner',1775044812000000);
INSERT INTO "entry" VALUES(31,'hgiovwwxltupl6sh',6,'post',1000,25,'hgiovwwxltupl6sh:post:6','limner',1775044812000000);
INSERT INTO "entry" VALUES(32,'hgiovwwxltupl6sh',7,'post',1000,27,'hgiovwwxltupl6sh:post:7','limner',1775044812000000);
INSERT INTO "entry" VALUES(33,'hgiovwwxltupl6sh',3,'post',1000,28,'hgiovwwxltupl6sh:post:3','limner',1775044812000000);
INSERT INTO "entry" VALUES(34,'hgiovwwxltupl6sh',4,'post',1000,29,'hgiovwwxltupl6sh:post:4','limner',1775044812000000);
INSERT INTO "entry" VALUES(35,'hgiovwwxltupl6sh',5,'post',1000,30,'hgiovwwxltupl6sh:post:5','limner',1775044812000000);
INSERT INTO "entry" VALUES(36,NULL,8,'grant',60000,NULL,'allowance:8','limner',1795168800000000);
INSERT INTO "entry" VALUES(37,'7nueydlb35v5ilw4',8,'hold',1000,NULL,'7nueydlb35v5ilw4:hold:8','limner',1795168800000000);
INSERT INTO "entry" VALUES(38,NULL,9,'grant',200000,NULL,'allowance:9','limner',1795168800000000);
INSERT INTO "entry" VALUES(39,'7nueydlb35v5ilw4',9,'hold',1000,NULL,'7nueydlb35v5ilw4:hold:9','limner',1795168800000000);
INSERT INTO "entry" VALUES(40,NULL,10,'grant',90000,NULL,'allowance:10','limner',1795168800000000);
INSERT INTO "entry" VALUES(41,'7nueydlb35v5ilw4',10,'hold',1000,NULL,'7nueydlb35v5ilw4:hold:10','limner',1795168800000000);
INSERT INTO "entry" VALUES(42,'7nueydlb35v5ilw4',11,'hold',1000,NULL,'7nueydlb35v5ilw4:hold:11','limner',1795168800000000);
INSERT INTO "entry" VALUES(43,'7nueydlb35v5ilw4',12,'hold',1000,NULL,'7nueydlb35v5ilw4:hold:12','limner',1795168800000000);
INSERT INTO "entry" VALUES(44,'7nueydlb35v5ilw4',8,'post',1000,37,'7nueydlb35v5ilw4:post:8','limner',1795168800000000);
INSERT INTO "entry" VALUES(45,'7nueydlb35v5ilw4',9,'post',1000,39,'7nueydlb35v5ilw4:post:9','limner',1795168800000000);
INSERT INTO "entry" VALUES(46,'7nueydlb35v5ilw4',10,'post',1000,41,'7nueydlb35v5ilw4:post:10','limner',1795168800000000);
INSERT INTO "entry" VALUES(47,'7nueydlb35v5ilw4',11,'post',1000,42,'7nueydlb35v5ilw4:post:11','limner',1795168800000000);
INSERT INTO "entry" VALUES(48,'7nueydlb35v5ilw4',12,'post',1000,43,'7nueydlb35v5ilw4:post:12','limner',1795168800000000);
INSERT INTO "entry" VALUES(49,'7nueydlb35v5ilw4',8,'refund',1000,44,'7nueydlb35v5ilw4:refund:8','limner',1795341600000000);
INSERT INTO "entry" VALUES(50,'7nueydlb35v5ilw4',9,'refund',1000,45,'7nueydlb35v5ilw4:refund:9','limner',1795341600000000);
INSERT INTO "entry" VALUES(51,'7nueydlb35v5ilw4',10,'refund',1000,46,'7nueydlb35v5ilw4:refund:10','limner',1795341600000000);
INSERT INTO "entry" VALUES(52,'7nueydlb35v5ilw4',11,'refund',1000,47,'7nueydlb35v5ilw4:refund:11','limner',1795341600000000);
INSERT INTO "entry" VALUES(53,'7nueydlb35v5ilw4',12,'refund',1000,48,'7nueydlb35v5ilw4:refund:12','limner',1795341600000000);
INSERT INTO "entry" VALUES(54,'7nueydlb35v5ilw4',13,'post',1000,NULL,'7nueydlb35v5ilw4:absorb','limner',1795341600000000);
INSERT INTO "entry" VALUES(55,NULL,14,'grant',60000,NULL,'allowance:14','limner',1795341600000000);
INSERT INTO "entry" VALUES(56,'ytkfqddyve7e2a32',14,'hold',1000,NULL,'ytkfqddyve7e2a32:hold:14','limner',1795341600000000);
INSERT INTO "entry" VALUES(57,'ytkfqddyve7e2a32',9,'hold',1000,NULL,'ytkfqddyve7e2a32:hold:9','limner',1795341600000000);
INSERT INTO "entry" VALUES(58,NULL,15,'grant',90000,NULL,'allowance:15','limner',1795341600000000);
INSERT INTO "entry" VALUES(59,'ytkfqddyve7e2a32',15,'hold',1000,NULL,'ytkfqddyve7e2a32:hold:15','limner',1795341600000000);
INSERT INTO "entry" VALUES(60,'ytkfqddyve7e2a32',11,'hold',1000,NULL,'ytkfqddyve7e2a32:hold:11','limner',1795341600000000);
INSERT INTO "entry" VALUES(61,'ytkfqddyve7e2a32',12,'hold',1000,NULL,'ytkfqddyve7e2a32:hold:12','limner',1795341600000000);
INSERT INTO "entry" VALUES(62,'ytkfqddyve7e2a32',14,'post',1000,56,'ytkfqddyve7e2a32:post:14','limner',1795341600000000);
INSERT INTO "entry" VALUES(63,'ytkfqddyve7e2a32',9,'post',1000,57,'ytkfqddyve7e2a32:post:9','limner',1795341600000000);
INSERT INTO "entry" VALUES(64,'ytkfqddyve7e2a32',15,'post',1000,59,'ytkfqddyve7e2a32:post:15','limner',1795341600000000);
INSERT INTO "entry" VALUES(65,'ytkfqddyve7e2a32',11,'post',1000,60,'ytkfqddyve7e2a32:post:11','limner',1795341600000000);
INSERT INTO "entry" VALUES(66,'ytkfqddyve7e2a32',12,'post',1000,61,'ytkfqddyve7e2a32:post:12','limner',1795341600000000);
INSERT INTO "entry" VALUES(67,'cud7mmndmanlnei2',14,'hold',1000,NULL,'cud7mmndmanlnei2:hold:14','limner',1795341606000000);
INSERT INTO "entry" VALUES(68,'cud7mmndmanlnei2',9,'hold',1000,NULL,'cud7mmndmanlnei2:hold:9','limner',1795341606000000);
INSERT INTO "entry" VALUES(69,'cud7mmndmanlnei2',15,'hold',1000,NULL,'cud7mmndmanlnei2:hold:15','limner',1795341606000000);
INSERT INTO "entry" VALUES(70,'cud7mmndmanlnei2',11,'hold',1000,NULL,'cud7mmndmanlnei2:hold:11','limner',1795341606000000);
INSERT INTO "entry" VALUES(71,'cud7mmndmanlnei2',12,'hold',1000,NULL,'cud7mmndmanlnei2:hold:12','limner',1795341606000000);
INSERT INTO "entry" VALUES(72,'cud7mmndmanlnei2',14,'post',1000,67,'cud7mmndmanlnei2:post:14','limner',1795341606000000);
INSERT INTO "entry" VALUES(73,'cud7mmndmanlnei2',9,'post',1000,68,'cud7mmndmanlnei2:post:9','limner',1795341606000000);
INSERT INTO "entry" VALUES(74,'cud7mmndmanlnei2',15,'post',1000,69,'cud7mmndmanlnei2:post:15','limner',1795341606000000);
INSERT INTO "entry" VALUES(75,'cud7mmndmanlnei2',11,'post',1000,70,'cud7mmndmanlnei2:post:11','limner',1795341606000000);
INSERT INTO "entry" VALUES(76,'cud7mmndmanlnei2',12,'post',1000,71,'cud7mmndmanlnei2:post:12','limner',1795341606000000);
INSERT INTO "entry" VALUES(77,'krhm2ay72jfh5riw',14,'hold',1000,NULL,'krhm2ay72jfh5riw:hold:14','limner',1795341612000000);
INSERT INTO "entry" VALUES(78,'krhm2ay72jfh5riw',9,'hold',1000,NULL,'krhm2ay72jfh5riw:hold:9','limner',1795341612000000);
INSERT INTO "entry" VALUES(79,'krhm2ay72jfh5riw',15,'hold',1000,NULL,'krhm2ay72jfh5riw:hold:15','limner',1795341612000000);
INSERT INTO "entry" VALUES(80,'krhm2ay72jfh5riw',11,'hold',1000,NULL,'krhm2ay72jfh5riw:hold:11','limner',1795341612000000);
INSERT INTO "entry" VALUES(81,'krhm2ay72jfh5riw',12,'hold',1000,NULL,'krhm2ay72jfh5riw:hold:12','limner',1795341612000000);
INSERT INTO "entry" VALUES(82,'krhm2ay72jfh5riw',14,'post',1000,77,'krhm2ay72jfh5riw:post:14','limner',1795341612000000);
INSERT INTO "entry" VALUES(83,'krhm2ay72jfh5riw',9,'post',1000,78,'krhm2ay72jfh5riw:post:9','limner',1795341612000000);
INSERT INTO "entry" VALUES(84,'krhm2ay72jfh5riw',15,'post',1000,79,'krhm2ay72jfh5riw:post:15','limner',1795341612000000);
INSERT INTO "entry" VALUES(85,'krhm2ay72jfh5riw',11,'post',1000,80,'krhm2ay72jfh5riw:post:11','limner',1795341612000000);
INSERT INTO "entry" VALUES(86,'krhm2ay72jfh5riw',12,'post',1000,81,'krhm2ay72jfh5riw:post:12','limner',1795341612000000);
INSERT INTO "entry" VALUES(87,'dfwe4bbzzy5gagds',14,'hold',1000,NULL,'dfwe4bbzzy5gagds:hold:14','limner',1795341618000000);
INSERT INTO "entry" VALUES(88,'dfwe4bbzzy5gagds',9,'hold',1000,NULL,'dfwe4bbzzy5gagds:hold:9','limner',1795341618000000);
INSERT INTO "entry" VALUES(89,'dfwe4bbzzy5gagds',15,'hold',1000,NULL,'dfwe4bbzzy5gagds:hold:15','limner',1795341618000000);
INSERT INTO "entry" VALUES(90,'dfwe4bbzzy5gagds',11,'hold',1000,NULL,'dfwe4bbzzy5gagds:hold:11','limner',1795341618000000);
INSERT INTO "entry" VALUES(91,'dfwe4bbzzy5gagds',12,'hold',1000,NULL,'dfwe4bbzzy5gagds:hold:12','limner',1795341618000000);
INSERT INTO "entry" VALUES(92,'dfwe4bbzzy5gagds',14,'post',1000,87,'dfwe4bbzzy5gagds:post:14','limner',1795341618000000);
INSERT INTO "entry" VALUES(93,'dfwe4bbzzy5gagds',9,'post',1000,88,'dfwe4bbzzy5gagds:post:9','limner',1795341618000000);
INSERT INTO "entry" VALUES(94,'dfwe4bbzzy5gagds',15,'post',1000,89,'dfwe4bbzzy5gagds:post:15','limner',1795341618000000);
INSERT INTO "entry" VALUES(95,'dfwe4bbzzy5gagds',11,'post',1000,90,'dfwe4bbzzy5gagds:post:11','limner',1795341618000000);
INSERT INTO "entry" VALUES(96,'dfwe4bbzzy5gagds',12,'post',1000,91,'dfwe4bbzzy5gagds:post:12','limner',1795341618000000);
INSERT INTO "entry" VALUES(97,'bo3ddclf762jxgzr',14,'hold',1000,NULL,'bo3ddclf762jxgzr:hold:14','limner',1795341624000000);
INSERT INTO "entry" VALUES(98,'bo3ddclf762jxgzr',9,'hold',1000,NULL,'bo3ddclf762jxgzr:hold:9','limner',1795341624000000);
INSERT INTO "entry" VALUES(99,'bo3ddclf762jxgzr',15,'hold',1000,NULL,'bo3ddclf762jxgzr:hold:15','limner',1795341624000000);
INSERT INTO "entry" VALUES(100,'bo3ddclf762jxgzr',11,'hold',1000,NULL,'bo3ddclf762jxgzr:hold:11','limner',1795341624000000);
INSERT INTO "entry" VALUES(101,'bo3ddclf762jxgzr',12,'hold',1000,NULL,'bo3ddclf762jxgzr:hold:12','limner',1795341624000000);
INSERT INTO "entry" VALUES(102,'bo3ddclf762jxgzr',14,'post',1000,97,'bo3ddclf762jxgzr:post:14','limner',1795341624000000);
INSERT INTO "entry" VALUES(103,'bo3ddclf762jxgzr',9,'post',1000,98,'bo3ddclf762jxgzr:post:9','limner',1795341624000000);
INSERT INTO "entry" VALUES(104,'bo3ddclf762jxgzr',15,'post',1000,99,'bo3ddclf762jxgzr:post:15','limner',1795341624000000);
INSERT INTO "entry" VALUES(105,'bo3ddclf762jxgzr',11,'post',1000,100,'bo3ddclf762jxgzr:post:11','limner',1795341624000000);
INSERT INTO "entry" VALUES(106,'bo3ddclf762jxgzr',12,'post',1000,101,'bo3ddclf762jxgzr:post:12','limner',1795341624000000);
INSERT INTO "entry" VALUES(107,'jg3tmjlgnqgg7s6y',14,'hold',1000,NULL,'jg3tmjlgnqgg7s6y:hold:14','limner',1795341624000000);
INSERT INTO "entry" VALUES(108,'jg3tmjlgnqgg7s6y',9,'hold',1000,NULL,'jg3tmjlgnqgg7s6y:hold:9','limner',1795341624000000);
INSERT INTO "entry" VALUES(109,'jg3tmjlgnqgg7s6y',15,'hold',1000,NULL,'jg3tmjlgnqgg7s6y:hold:15','limner',1795341624000000);
INSERT INTO "entry" VALUES(110,'jg3tmjlgnqgg7s6y',11,'hold',1000,NULL,'jg3tmjlgnqgg7s6y:hold:11','limner',1795341624000000);
INSERT INTO "entry" VALUES(111,'jg3tmjlgnqgg7s6y',12,'hold',1000,NULL,'jg3tmjlgnqgg7s6y:hold:12','limner',1795341624000000);
INSERT INTO "entry" VALUES(112,'jg3tmjlgnqgg7s6y',14,'post',1000,107,'jg3tmjlgnqgg7s6y:post:14','limner',1795341624000000);
INSERT INTO "entry" VALUES(113,'jg3tmjlgnqgg7s6y',9,'post',1000,108,'jg3tmjlgnqgg7s6y:post:9','limner',1795341624000000);
INSERT INTO "entry" VALUES(114,'jg3tmjlgnqgg7s6y',15,'post',1000,109,'jg3tmjlgnqgg7s6y:post:15','limner',1795341624000000);
INSERT INTO "entry" VALUES(115,'jg3tmjlgnqgg7s6y',11,'post',1000,110,'jg3tmjlgnqgg7s6y:post:11','limner',1795341624000000);
INSERT INTO "entry" VALUES(116,'jg3tmjlgnqgg7s6y',12,'post',1000,111,'jg3tmjlgnqgg7s6y:post:12','limner',1795341624000000);
INSERT INTO "entry" VALUES(117,'rlzmdgl73ypj5xg7',14,'hold',1000,NULL,'rlzmdgl73ypj5xg7:hold:14','limner',1795341636000000);
INSERT INTO "entry" VALUES(118,'rlzmdgl73ypj5xg7',9,'hold',1000,NULL,'rlzmdgl73ypj5xg7:hold:9','limner',1795341636000000);
INSERT INTO "entry" VALUES(119,'rlzmdgl73ypj5xg7',15,'hold',1000,NULL,'rlzmdgl73ypj5xg7:hold:15','limner',1795341636000000);
INSERT INTO "entry" VALUES(120,'rlzmdgl73ypj5xg7',11,'hold',1000,NULL,'rlzmdgl73ypj5xg7:hold:11','limner',1795341636000000);
INSERT INTO "entry" VALUES(121,'rlzmdgl73ypj5xg7',12,'hold',1000,NULL,'rlzmdgl73ypj5xg7:hold:12','limner',1795341636000000);
INSERT INTO "entry" VALUES(122,'rlzmdgl73ypj5xg7',14,'post',1000,117,'rlzmdgl73ypj5xg7:post:14','limner',1795341636000000);
INSERT INTO "entry" VALUES(123,'rlzmdgl73ypj5xg7',9,'post',1000,118,'rlzmdgl73ypj5xg7:post:9','limner',1795341636000000);
INSERT INTO "entry" VALUES(124,'rlzmdgl73ypj5xg7',15,'post',1000,119,'rlzmdgl73ypj5xg7:post:15','limner',1795341636000000);
INSERT INTO "entry" VALUES(125,'rlzmdgl73ypj5xg7',11,'post',1000,120,'rlzmdgl73ypj5xg7:post:11','limner',1795341636000000);
INSERT INTO "entry" VALUES(126,'rlzmdgl73ypj5xg7',12,'post',1000,121,'rlzmdgl73ypj5xg7:post:12','limner',1795341636000000);
INSERT INTO "entry" VALUES(127,NULL,16,'grant',60000,NULL,'allowance:16','limner',1795341642000000);
INSERT INTO "entry" VALUES(128,'uw5szbz52cqpz5xt',16,'hold',1000,NULL,'uw5szbz52cqpz5xt:hold:16','limner',1795341642000000);
INSERT INTO "entry" VALUES(129,NULL,17,'grant',200000,NULL,'allowance:17','limner',1795341642000000);
INSERT INTO "entry" VALUES(130,'uw5szbz52cqpz5xt',17,'hold',1000,NULL,'uw5szbz52cqpz5xt:hold:17','limner',1795341642000000);
INSERT INTO "entry" VALUES(131,'uw5szbz52cqpz5xt',15,'hold',1000,NULL,'uw5szbz52cqpz5xt:hold:15','limner',1795341642000000);
INSERT INTO "entry" VALUES(132,'uw5szbz52cqpz5xt',11,'hold',1000,NULL,'uw5szbz52cqpz5xt:hold:11','limner',1795341642000000);
INSERT INTO "entry" VALUES(133,'uw5szbz52cqpz5xt',12,'hold',1000,NULL,'uw5szbz52cqpz5xt:hold:12','limner',1795341642000000);
INSERT INTO "entry" VALUES(134,'uw5szbz52cqpz5xt',16,'post',1000,128,'uw5szbz52cqpz5xt:post:16','limner',1795341642000000);
INSERT INTO "entry" VALUES(135,'uw5szbz52cqpz5xt',17,'post',1000,130,'uw5szbz52cqpz5xt:post:17','limner',1795341642000000);
INSERT INTO "entry" VALUES(136,'uw5szbz52cqpz5xt',15,'post',1000,131,'uw5szbz52cqpz5xt:post:15','limner',1795341642000000);
INSERT INTO "entry" VALUES(137,'uw5szbz52cqpz5xt',11,'post',1000,132,'uw5szbz52cqpz5xt:post:11','limner',1795341642000000);
INSERT INTO "entry" VALUES(138,'uw5szbz52cqpz5xt',12,'post',1000,133,'uw5szbz52cqpz5xt:post:12','limner',1795341642000000);
INSERT INTO "entry" VALUES(139,'4dpafyxlqboelgvs',14,'hold',1000,NULL,'4dpafyxlqboelgvs:hold:14','limner',1795341648000000);
INSERT INTO "entry" VALUES(140,'4dpafyxlqboelgvs',9,'hold',1000,NULL,'4dpafyxlqboelgvs:hold:9','limner',1795341648000000);
INSERT INTO "entry" VALUES(141,'4dpafyxlqboelgvs',15,'hold',1000,NULL,'4dpafyxlqboelgvs:hold:15','limner',1795341648000000);
INSERT INTO "entry" VALUES(142,'4dpafyxlqboelgvs',11,'hold',1000,NULL,'4dpafyxlqboelgvs:hold:11','limner',1795341648000000);
INSERT INTO "entry" VALUES(143,'4dpafyxlqboelgvs',12,'hold',1000,NULL,'4dpafyxlqboelgvs:hold:12','limner',1795341648000000);
INSERT INTO "entry" VALUES(144,'4dpafyxlqboelgvs',14,'post',1000,139,'4dpafyxlqboelgvs:post:14','limner',1795341648000000);
INSERT INTO "entry" VALUES(145,'4dpafyxlqboelgvs',9,'post',1000,140,'4dpafyxlqboelgvs:post:9','limner',1795341648000000);
INSERT INTO "entry" VALUES(146,'4dpafyxlqboelgvs',15,'post',1000,141,'4dpafyxlqboelgvs:post:15','limner',1795341648000000);
INSERT INTO "entry" VALUES(147,'4dpafyxlqboelgvs',11,'post',1000,142,'4dpafyxlqboelgvs:post:11','limner',1795341648000000);
INSERT INTO "entry" VALUES(148,'4dpafyxlqboelgvs',12,'post',1000,143,'4dpafyxlqboelgvs:post:12','limner',1795341648000000);
INSERT INTO "entry" VALUES(149,'w3o3ltyy77uokzlo',14,'hold',1000,NULL,'w3o3ltyy77uokzlo:hold:14','limner',1795341648000000);
INSERT INTO "entry" VALUES(150,'w3o3ltyy77uokzlo',9,'hold',1000,NULL,'w3o3ltyy77uokzlo:hold:9','limner',1795341648000000);
INSERT INTO "entry" VALUES(151,'w3o3ltyy77uokzlo',15,'hold',1000,NULL,'w3o3ltyy77uokzlo:hold:15','limner',1795341648000000);
INSERT INTO "entry" VALUES(152,'w3o3ltyy77uokzlo',11,'hold',1000,NULL,'w3o3ltyy77uokzlo:hold:11','limner',1795341648000000);
INSERT INTO "entry" VALUES(153,'w3o3ltyy77uokzlo',12,'hold',1000,NULL,'w3o3ltyy77uokzlo:hold:12','limner',1795341648000000);
INSERT INTO "entry" VALUES(154,'w3o3ltyy77uokzlo',14,'post',1000,149,'w3o3ltyy77uokzlo:post:14','limner',1795341648000000);
INSERT INTO "entry" VALUES(155,'w3o3ltyy77uokzlo',9,'post',1000,150,'w3o3ltyy77uokzlo:post:9','limner',1795341648000000);
INSERT INTO "entry" VALUES(156,'w3o3ltyy77uokzlo',15,'post',1000,151,'w3o3ltyy77uokzlo:post:15','limner',1795341648000000);
INSERT INTO "entry" VALUES(157,'w3o3ltyy77uokzlo',11,'post',1000,152,'w3o3ltyy77uokzlo:post:11','limner',1795341648000000);
INSERT INTO "entry" VALUES(158,'w3o3ltyy77uokzlo',12,'post',1000,153,'w3o3ltyy77uokzlo:post:12','limner',1795341648000000);
INSERT INTO "entry" VALUES(159,'oyqyujidxgl5nqot',14,'hold',1000,NULL,'oyqyujidxgl5nqot:hold:14','limner',1795341654000000);
INSERT INTO "entry" VALUES(160,'oyqyujidxgl5nqot',9,'hold',1000,NULL,'oyqyujidxgl5nqot:hold:9','limner',1795341654000000);
INSERT INTO "entry" VALUES(161,'oyqyujidxgl5nqot',15,'hold',1000,NULL,'oyqyujidxgl5nqot:hold:15','limner',1795341654000000);
INSERT INTO "entry" VALUES(162,'oyqyujidxgl5nqot',11,'hold',1000,NULL,'oyqyujidxgl5nqot:hold:11','limner',1795341654000000);
INSERT INTO "entry" VALUES(163,'oyqyujidxgl5nqot',12,'hold',1000,NULL,'oyqyujidxgl5nqot:hold:12','limner',1795341654000000);
INSERT INTO "entry" VALUES(164,'oyqyujidxgl5nqot',14,'post',1000,159,'oyqyujidxgl5nqot:post:14','limner',1795341654000000);
INSERT INTO "entry" VALUES(165,'oyqyujidxgl5nqot',9,'post',1000,160,'oyqyujidxgl5nqot:post:9','limner',1795341654000000);
INSERT INTO "entry" VALUES(166,'oyqyujidxgl5nqot',15,'post',1000,161,'oyqyujidxgl5nqot:post:15','limner',1795341654000000);
INSERT INTO "entry" VALUES(167,'oyqyujidxgl5nqot',11,'post',1000,162,'oyqyujidxgl5nqot:post:11','limner',1795341654000000);
INSERT INTO "entry" VALUES(168,'oyqyujidxgl5nqot',12,'post',1000,163,'oyqyujidxgl5nqot:post:12','limner',1795341654000000);
INSERT INTO "entry" VALUES(169,'xpi6sdkbxwre5if3',14,'hold',1000,NULL,'xpi6sdkbxwre5if3:hold:14','limner',1795341660000000);
INSERT INTO "entry" VALUES(170,'xpi6sdkbxwre5if3',9,'hold',1000,NULL,'xpi6sdkbxwre5if3:hold:9','limner',1795341660000000);
INSERT INTO "entry" VALUES(171,'xpi6sdkbxwre5if3',15,'hold',1000,NULL,'xpi6sdkbxwre5if3:hold:15','limner',1795341660000000);
INSERT INTO "entry" VALUES(172,'xpi6sdkbxwre5if3',11,'hold',1000,NULL,'xpi6sdkbxwre5if3:hold:11','limner',1795341660000000);
INSERT INTO "entry" VALUES(173,'xpi6sdkbxwre5if3',12,'hold',1000,NULL,'xpi6sdkbxwre5if3:hold:12','limner',1795341660000000);
INSERT INTO "entry" VALUES(174,'xpi6sdkbxwre5if3',14,'post',1000,169,'xpi6sdkbxwre5if3:post:14','limner',1795341660000000);
INSERT INTO "entry" VALUES(175,'xpi6sdkbxwre5if3',9,'post',1000,170,'xpi6sdkbxwre5if3:post:9','limner',1795341660000000);
INSERT INTO "entry" VALUES(176,'xpi6sdkbxwre5if3',15,'post',1000,171,'xpi6sdkbxwre5if3:post:15','limner',1795341660000000);
INSERT INTO "entry" VALUES(177,'xpi6sdkbxwre5if3',11,'post',1000,172,'xpi6sdkbxwre5if3:post:11','limner',1795341660000000);
INSERT INTO "entry" VALUES(178,'xpi6sdkbxwre5if3',12,'post',1000,173,'xpi6sdkbxwre5if3:post:12','limner',1795341660000000);
INSERT INTO "entry" VALUES(179,'u7bxndq2urz474ef',14,'hold',1000,NULL,'u7bxndq2urz474ef:hold:14','limner',1795341678000000);
INSERT INTO "entry" VALUES(180,'u7bxndq2urz474ef',9,'hold',1000,NULL,'u7bxndq2urz474ef:hold:9','limner',1795341678000000);
INSERT INTO "entry" VALUES(181,'u7bxndq2urz474ef',15,'hold',1000,NULL,'u7bxndq2urz474ef:hold:15','limner',1795341678000000);
INSERT INTO "entry" VALUES(182,'u7bxndq2urz474ef',11,'hold',1000,NULL,'u7bxndq2urz474ef:hold:11','limner',1795341678000000);
INSERT INTO "entry" VALUES(183,'u7bxndq2urz474ef',12,'hold',1000,NULL,'u7bxndq2urz474ef:hold:12','limner',1795341678000000);
INSERT INTO "entry" VALUES(184,'u7bxndq2urz474ef',14,'post',1000,179,'u7bxndq2urz474ef:post:14','limner',1795341678000000);
INSERT INTO "entry" VALUES(185,'u7bxndq2urz474ef',9,'post',1000,180,'u7bxndq2urz474ef:post:9','limner',1795341678000000);
INSERT INTO "entry" VALUES(186,'u7bxndq2urz474ef',15,'post',1000,181,'u7bxndq2urz474ef:post:15','limner',1795341678000000);
INSERT INTO "entry" VALUES(187,'u7bxndq2urz474ef',11,'post',1000,182,'u7bxndq2urz474ef:post:11','limner',1795341678000000);
INSERT INTO "entry" VALUES(188,'u7bxndq2urz474ef',12,'post',1000,183,'u7bxndq2urz474ef:post:12','limner',1795341678000000);
INSERT INTO "entry" VALUES(189,'6tfvp2dklup56oyl',14,'hold',1000,NULL,'6tfvp2dklup56oyl:hold:14','limner',1795341678000000);
INSERT INTO "entry" VALUES(190,'6tfvp2dklup56oyl',9,'hold',1000,NULL,'6tfvp2dklup56oyl:hold:9','limner',1795341678000000);
INSERT INTO "entry" VALUES(191,'6tfvp2dklup56oyl',15,'hold',1000,NULL,'6tfvp2dklup56oyl:hold:15','limner',1795341678000000);
INSERT INTO "entry" VALUES(192,'6tfvp2dklup56oyl',11,'hold',1000,NULL,'6tfvp2dklup56oyl:hold:11','limner',1795341678000000);
INSERT INTO "entry" VALUES(193,'6tfvp2dklup56oyl',12,'hold',1000,NULL,'6tfvp2dklup56oyl:hold:12','limner',1795341678000000);
INSERT INTO "entry" VALUES(194,'6tfvp2dklup56oyl',14,'post',1000,189,'6tfvp2dklup56oyl:post:14','limner',1795341678000000);
INSERT INTO "entry" VALUES(195,'6tfvp2dklup56oyl',9,'post',1000,190,'6tfvp2dklup56oyl:post:9','limner',1795341678000000);
INSERT INTO "entry" VALUES(196,'6tfvp2dklup56oyl',15,'post',1000,191,'6tfvp2dklup56oyl:post:15','limner',1795341678000000);
INSERT INTO "entry" VALUES(197,'6tfvp2dklup56oyl',11,'post',1000,192,'6tfvp2dklup56oyl:post:11','limner',1795341678000000);
INSERT INTO "entry" VALUES(198,'6tfvp2dklup56oyl',12,'post',1000,193,'6tfvp2dklup56oyl:post:12','limner',1795341678000000);
INSERT INTO "entry" VALUES(199,NULL,18,'grant',60000,NULL,'allowance:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(200,'ncbf72pgzlhphxm4',18,'hold',1000,NULL,'ncbf72pgzlhphxm4:hold:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(201,NULL,19,'grant',200000,NULL,'allowance:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(202,'ncbf72pgzlhphxm4',19,'hold',1000,NULL,'ncbf72pgzlhphxm4:hold:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(203,NULL,15,'adjust',-10000,NULL,'limit:15:202','limner',1795345200000000);
INSERT INTO "entry" VALUES(204,'ncbf72pgzlhphxm4',15,'hold',1000,NULL,'ncbf72pgzlhphxm4:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(205,'ncbf72pgzlhphxm4',11,'hold',1000,NULL,'ncbf72pgzlhphxm4:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(206,'ncbf72pgzlhphxm4',12,'hold',1000,NULL,'ncbf72pgzlhphxm4:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(207,'ncbf72pgzlhphxm4',18,'post',1000,200,'ncbf72pgzlhphxm4:post:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(208,'ncbf72pgzlhphxm4',19,'post',1000,202,'ncbf72pgzlhphxm4:post:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(209,'ncbf72pgzlhphxm4',15,'post',1000,204,'ncbf72pgzlhphxm4:post:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(210,'ncbf72pgzlhphxm4',11,'post',1000,205,'ncbf72pgzlhphxm4:post:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(211,'ncbf72pgzlhphxm4',12,'post',1000,206,'ncbf72pgzlhphxm4:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(212,'ncbf72pgzlhphxm4',18,'refund',1000,207,'ncbf72pgzlhphxm4:refund:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(213,'ncbf72pgzlhphxm4',19,'refund',1000,208,'ncbf72pgzlhphxm4:refund:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(214,'ncbf72pgzlhphxm4',15,'refund',1000,209,'ncbf72pgzlhphxm4:refund:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(215,'ncbf72pgzlhphxm4',11,'refund',1000,210,'ncbf72pgzlhphxm4:refund:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(216,'ncbf72pgzlhphxm4',12,'refund',1000,211,'ncbf72pgzlhphxm4:refund:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(217,'ncbf72pgzlhphxm4',13,'post',1000,NULL,'ncbf72pgzlhphxm4:absorb','limner',1795345200000000);
INSERT INTO "entry" VALUES(218,NULL,18,'grant',5000,NULL,'grant:discord:c1:g1','discord:c1:adm',1795345200000000);
INSERT INTO "entry" VALUES(219,NULL,20,'grant',1000,NULL,'allowance:20','limner',1795348800000000);
INSERT INTO "entry" VALUES(220,NULL,20,'grant',500,NULL,'grant:life','terminal:local:owner',1795348800000000);
INSERT INTO "entry" VALUES(221,NULL,21,'grant',40000,NULL,'allowance:21','limner',1795345200000000);
INSERT INTO "entry" VALUES(222,'qjklvoqkqkh7hjeh',21,'hold',1000,NULL,'qjklvoqkqkh7hjeh:hold:21','limner',1795345200000000);
INSERT INTO "entry" VALUES(223,NULL,22,'grant',90000,NULL,'allowance:22','limner',1795345200000000);
INSERT INTO "entry" VALUES(224,'qjklvoqkqkh7hjeh',22,'hold',1000,NULL,'qjklvoqkqkh7hjeh:hold:22','limner',1795345200000000);
INSERT INTO "entry" VALUES(225,NULL,23,'grant',2000,NULL,'allowance:23','limner',1795345200000000);
INSERT INTO "entry" VALUES(226,'qjklvoqkqkh7hjeh',23,'hold',1000,NULL,'qjklvoqkqkh7hjeh:hold:23','limner',1795345200000000);
INSERT INTO "entry" VALUES(227,NULL,24,'grant',500000,NULL,'allowance:24','limner',1795345200000000);
INSERT INTO "entry" VALUES(228,'qjklvoqkqkh7hjeh',24,'hold',1000,NULL,'qjklvoqkqkh7hjeh:hold:24','limner',1795345200000000);
INSERT INTO "entry" VALUES(229,'qjklvoqkqkh7hjeh',12,'hold',1000,NULL,'qjklvoqkqkh7hjeh:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(230,'qjklvoqkqkh7hjeh',21,'post',1000,222,'qjklvoqkqkh7hjeh:post:21','limner',1795345200000000);
INSERT INTO "entry" VALUES(231,'qjklvoqkqkh7hjeh',22,'post',1000,224,'qjklvoqkqkh7hjeh:post:22','limner',1795345200000000);
INSERT INTO "entry" VALUES(232,'qjklvoqkqkh7hjeh',23,'post',1000,226,'qjklvoqkqkh7hjeh:post:23','limner',1795345200000000);
INSERT INTO "entry" VALUES(233,'qjklvoqkqkh7hjeh',24,'post',1000,228,'qjklvoqkqkh7hjeh:post:24','limner',1795345200000000);
INSERT INTO "entry" VALUES(234,'qjklvoqkqkh7hjeh',12,'post',1000,229,'qjklvoqkqkh7hjeh:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(235,'e7oememmhnlfzden',14,'hold',2000,NULL,'e7oememmhnlfzden:hold:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(236,'e7oememmhnlfzden',9,'hold',2000,NULL,'e7oememmhnlfzden:hold:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(237,'e7oememmhnlfzden',15,'hold',2000,NULL,'e7oememmhnlfzden:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(238,'e7oememmhnlfzden',11,'hold',2000,NULL,'e7oememmhnlfzden:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(239,'e7oememmhnlfzden',12,'hold',2000,NULL,'e7oememmhnlfzden:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(240,'e7oememmhnlfzden',14,'post',2000,235,'e7oememmhnlfzden:post:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(241,'e7oememmhnlfzden',9,'post',2000,236,'e7oememmhnlfzden:post:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(242,'e7oememmhnlfzden',15,'post',2000,237,'e7oememmhnlfzden:post:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(243,'e7oememmhnlfzden',11,'post',2000,238,'e7oememmhnlfzden:post:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(244,'e7oememmhnlfzden',12,'post',2000,239,'e7oememmhnlfzden:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(245,'g7um3yzhu3a4s7e2',14,'hold',2000,NULL,'g7um3yzhu3a4s7e2:hold:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(246,'g7um3yzhu3a4s7e2',9,'hold',2000,NULL,'g7um3yzhu3a4s7e2:hold:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(247,'g7um3yzhu3a4s7e2',15,'hold',2000,NULL,'g7um3yzhu3a4s7e2:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(248,'g7um3yzhu3a4s7e2',11,'hold',2000,NULL,'g7um3yzhu3a4s7e2:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(249,'g7um3yzhu3a4s7e2',12,'hold',2000,NULL,'g7um3yzhu3a4s7e2:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(250,'g7um3yzhu3a4s7e2',14,'post',2000,245,'g7um3yzhu3a4s7e2:post:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(251,'g7um3yzhu3a4s7e2',9,'post',2000,246,'g7um3yzhu3a4s7e2:post:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(252,'g7um3yzhu3a4s7e2',15,'post',2000,247,'g7um3yzhu3a4s7e2:post:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(253,'g7um3yzhu3a4s7e2',11,'post',2000,248,'g7um3yzhu3a4s7e2:post:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(254,'g7um3yzhu3a4s7e2',12,'post',2000,249,'g7um3yzhu3a4s7e2:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(255,'nvlo5jqt22oh4h2a',14,'hold',2000,NULL,'nvlo5jqt22oh4h2a:hold:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(256,'nvlo5jqt22oh4h2a',9,'hold',2000,NULL,'nvlo5jqt22oh4h2a:hold:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(257,'nvlo5jqt22oh4h2a',15,'hold',2000,NULL,'nvlo5jqt22oh4h2a:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(258,'nvlo5jqt22oh4h2a',11,'hold',2000,NULL,'nvlo5jqt22oh4h2a:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(259,'nvlo5jqt22oh4h2a',12,'hold',2000,NULL,'nvlo5jqt22oh4h2a:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(260,'nvlo5jqt22oh4h2a',14,'post',2000,255,'nvlo5jqt22oh4h2a:post:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(261,'nvlo5jqt22oh4h2a',9,'post',2000,256,'nvlo5jqt22oh4h2a:post:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(262,'nvlo5jqt22oh4h2a',15,'post',2000,257,'nvlo5jqt22oh4h2a:post:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(263,'nvlo5jqt22oh4h2a',11,'post',2000,258,'nvlo5jqt22oh4h2a:post:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(264,'nvlo5jqt22oh4h2a',12,'post',2000,259,'nvlo5jqt22oh4h2a:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(265,'y674q44ngq3c34rg',14,'hold',1000,NULL,'y674q44ngq3c34rg:hold:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(266,'y674q44ngq3c34rg',9,'hold',1000,NULL,'y674q44ngq3c34rg:hold:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(267,'y674q44ngq3c34rg',15,'hold',1000,NULL,'y674q44ngq3c34rg:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(268,'y674q44ngq3c34rg',11,'hold',1000,NULL,'y674q44ngq3c34rg:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(269,'y674q44ngq3c34rg',12,'hold',1000,NULL,'y674q44ngq3c34rg:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(270,'y674q44ngq3c34rg',14,'post',1000,265,'y674q44ngq3c34rg:post:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(271,'y674q44ngq3c34rg',9,'post',1000,266,'y674q44ngq3c34rg:post:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(272,'y674q44ngq3c34rg',15,'post',1000,267,'y674q44ngq3c34rg:post:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(273,'y674q44ngq3c34rg',11,'post',1000,268,'y674q44ngq3c34rg:post:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(274,'y674q44ngq3c34rg',12,'post',1000,269,'y674q44ngq3c34rg:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(275,'yruggbeyscnjgeta',14,'hold',2000,NULL,'yruggbeyscnjgeta:hold:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(276,'yruggbeyscnjgeta',9,'hold',2000,NULL,'yruggbeyscnjgeta:hold:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(277,'yruggbeyscnjgeta',15,'hold',2000,NULL,'yruggbeyscnjgeta:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(278,'yruggbeyscnjgeta',11,'hold',2000,NULL,'yruggbeyscnjgeta:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(279,'yruggbeyscnjgeta',12,'hold',2000,NULL,'yruggbeyscnjgeta:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(280,'yruggbeyscnjgeta',14,'post',2000,275,'yruggbeyscnjgeta:post:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(281,'yruggbeyscnjgeta',9,'post',2000,276,'yruggbeyscnjgeta:post:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(282,'yruggbeyscnjgeta',15,'post',2000,277,'yruggbeyscnjgeta:post:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(283,'yruggbeyscnjgeta',11,'post',2000,278,'yruggbeyscnjgeta:post:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(284,'yruggbeyscnjgeta',12,'post',2000,279,'yruggbeyscnjgeta:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(285,'e33i6dzw3s7merto',14,'hold',2000,NULL,'e33i6dzw3s7merto:hold:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(286,'e33i6dzw3s7merto',9,'hold',2000,NULL,'e33i6dzw3s7merto:hold:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(287,'e33i6dzw3s7merto',15,'hold',2000,NULL,'e33i6dzw3s7merto:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(288,'e33i6dzw3s7merto',11,'hold',2000,NULL,'e33i6dzw3s7merto:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(289,'e33i6dzw3s7merto',12,'hold',2000,NULL,'e33i6dzw3s7merto:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(290,'e33i6dzw3s7merto',14,'post',2000,285,'e33i6dzw3s7merto:post:14','limner',1795345200000000);
INSERT INTO "entry" VALUES(291,'e33i6dzw3s7merto',9,'post',2000,286,'e33i6dzw3s7merto:post:9','limner',1795345200000000);
INSERT INTO "entry" VALUES(292,'e33i6dzw3s7merto',15,'post',2000,287,'e33i6dzw3s7merto:post:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(293,'e33i6dzw3s7merto',11,'post',2000,288,'e33i6dzw3s7merto:post:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(294,'e33i6dzw3s7merto',12,'post',2000,289,'e33i6dzw3s7merto:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(295,NULL,25,'grant',60000,NULL,'allowance:25','limner',1795345200000000);
INSERT INTO "entry" VALUES(296,'ko5tlp5fagwfx7vo',25,'hold',1000,NULL,'ko5tlp5fagwfx7vo:hold:25','limner',1795345200000000);
INSERT INTO "entry" VALUES(297,NULL,26,'grant',200000,NULL,'allowance:26','limner',1795345200000000);
INSERT INTO "entry" VALUES(298,'ko5tlp5fagwfx7vo',26,'hold',1000,NULL,'ko5tlp5fagwfx7vo:hold:26','limner',1795345200000000);
INSERT INTO "entry" VALUES(299,'ko5tlp5fagwfx7vo',15,'hold',1000,NULL,'ko5tlp5fagwfx7vo:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(300,'ko5tlp5fagwfx7vo',11,'hold',1000,NULL,'ko5tlp5fagwfx7vo:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(301,'ko5tlp5fagwfx7vo',12,'hold',1000,NULL,'ko5tlp5fagwfx7vo:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(302,'ko5tlp5fagwfx7vo',25,'post',1000,296,'ko5tlp5fagwfx7vo:post:25','limner',1795345200000000);
INSERT INTO "entry" VALUES(303,'ko5tlp5fagwfx7vo',26,'post',1000,298,'ko5tlp5fagwfx7vo:post:26','limner',1795345200000000);
INSERT INTO "entry" VALUES(304,'ko5tlp5fagwfx7vo',15,'post',1000,299,'ko5tlp5fagwfx7vo:post:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(305,'ko5tlp5fagwfx7vo',11,'post',1000,300,'ko5tlp5fagwfx7vo:post:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(306,'ko5tlp5fagwfx7vo',12,'post',1000,301,'ko5tlp5fagwfx7vo:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(307,NULL,27,'grant',60000,NULL,'allowance:27','limner',1795345200000000);
INSERT INTO "entry" VALUES(308,'zburtzk6gv53a7ke',27,'hold',1000,NULL,'zburtzk6gv53a7ke:hold:27','limner',1795345200000000);
INSERT INTO "entry" VALUES(309,NULL,28,'grant',200000,NULL,'allowance:28','limner',1795345200000000);
INSERT INTO "entry" VALUES(310,'zburtzk6gv53a7ke',28,'hold',1000,NULL,'zburtzk6gv53a7ke:hold:28','limner',1795345200000000);
INSERT INTO "entry" VALUES(311,'zburtzk6gv53a7ke',15,'hold',1000,NULL,'zburtzk6gv53a7ke:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(312,'zburtzk6gv53a7ke',11,'hold',1000,NULL,'zburtzk6gv53a7ke:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(313,'zburtzk6gv53a7ke',12,'hold',1000,NULL,'zburtzk6gv53a7ke:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(314,'zburtzk6gv53a7ke',27,'post',1000,308,'zburtzk6gv53a7ke:post:27','limner',1795345200000000);
INSERT INTO "entry" VALUES(315,'zburtzk6gv53a7ke',28,'post',1000,310,'zburtzk6gv53a7ke:post:28','limner',1795345200000000);
INSERT INTO "entry" VALUES(316,'zburtzk6gv53a7ke',15,'post',1000,311,'zburtzk6gv53a7ke:post:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(317,'zburtzk6gv53a7ke',11,'post',1000,312,'zburtzk6gv53a7ke:post:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(318,'zburtzk6gv53a7ke',12,'post',1000,313,'zburtzk6gv53a7ke:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(319,NULL,29,'grant',60000,NULL,'allowance:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(320,'4tdi6tr7oqfdishi',29,'hold',1000,NULL,'4tdi6tr7oqfdishi:hold:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(321,NULL,30,'grant',200000,NULL,'allowance:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(322,'4tdi6tr7oqfdishi',30,'hold',1000,NULL,'4tdi6tr7oqfdishi:hold:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(323,'4tdi6tr7oqfdishi',15,'hold',1000,NULL,'4tdi6tr7oqfdishi:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(324,'4tdi6tr7oqfdishi',11,'hold',1000,NULL,'4tdi6tr7oqfdishi:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(325,'4tdi6tr7oqfdishi',12,'hold',1000,NULL,'4tdi6tr7oqfdishi:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(326,'4tdi6tr7oqfdishi',29,'void',1000,320,'4tdi6tr7oqfdishi:void:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(327,'4tdi6tr7oqfdishi',30,'void',1000,322,'4tdi6tr7oqfdishi:void:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(328,'4tdi6tr7oqfdishi',15,'void',1000,323,'4tdi6tr7oqfdishi:void:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(329,'4tdi6tr7oqfdishi',11,'void',1000,324,'4tdi6tr7oqfdishi:void:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(330,'4tdi6tr7oqfdishi',12,'void',1000,325,'4tdi6tr7oqfdishi:void:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(331,'4tdi6tr7oqfdishi',13,'post',1000,NULL,'4tdi6tr7oqfdishi:unknown','limner',1795345200000000);
INSERT INTO "entry" VALUES(332,'zte36c3auzjircck',29,'hold',1000,NULL,'zte36c3auzjircck:hold:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(333,'zte36c3auzjircck',30,'hold',1000,NULL,'zte36c3auzjircck:hold:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(334,'zte36c3auzjircck',15,'hold',1000,NULL,'zte36c3auzjircck:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(335,'zte36c3auzjircck',11,'hold',1000,NULL,'zte36c3auzjircck:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(336,'zte36c3auzjircck',12,'hold',1000,NULL,'zte36c3auzjircck:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(337,'zte36c3auzjircck',29,'void',1000,332,'zte36c3auzjircck:void:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(338,'zte36c3auzjircck',30,'void',1000,333,'zte36c3auzjircck:void:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(339,'zte36c3auzjircck',15,'void',1000,334,'zte36c3auzjircck:void:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(340,'zte36c3auzjircck',11,'void',1000,335,'zte36c3auzjircck:void:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(341,'zte36c3auzjircck',12,'void',1000,336,'zte36c3auzjircck:void:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(342,'zte36c3auzjircck',13,'post',1000,NULL,'zte36c3auzjircck:unknown','limner',1795345200000000);
INSERT INTO "entry" VALUES(343,'4g55aprpassqyofb',29,'hold',1000,NULL,'4g55aprpassqyofb:hold:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(344,'4g55aprpassqyofb',30,'hold',1000,NULL,'4g55aprpassqyofb:hold:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(345,'4g55aprpassqyofb',15,'hold',1000,NULL,'4g55aprpassqyofb:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(346,'4g55aprpassqyofb',11,'hold',1000,NULL,'4g55aprpassqyofb:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(347,'4g55aprpassqyofb',12,'hold',1000,NULL,'4g55aprpassqyofb:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(348,'4g55aprpassqyofb',29,'void',1000,343,'4g55aprpassqyofb:void:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(349,'4g55aprpassqyofb',30,'void',1000,344,'4g55aprpassqyofb:void:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(350,'4g55aprpassqyofb',15,'void',1000,345,'4g55aprpassqyofb:void:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(351,'4g55aprpassqyofb',11,'void',1000,346,'4g55aprpassqyofb:void:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(352,'4g55aprpassqyofb',12,'void',1000,347,'4g55aprpassqyofb:void:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(353,'4g55aprpassqyofb',13,'post',300,NULL,'4g55aprpassqyofb:billed','limner',1795345200000000);
INSERT INTO "entry" VALUES(354,'esdwjs5izmwxqorx',29,'hold',1000,NULL,'esdwjs5izmwxqorx:hold:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(355,'esdwjs5izmwxqorx',30,'hold',1000,NULL,'esdwjs5izmwxqorx:hold:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(356,'esdwjs5izmwxqorx',15,'hold',1000,NULL,'esdwjs5izmwxqorx:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(357,'esdwjs5izmwxqorx',11,'hold',1000,NULL,'esdwjs5izmwxqorx:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(358,'esdwjs5izmwxqorx',12,'hold',1000,NULL,'esdwjs5izmwxqorx:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(359,'esdwjs5izmwxqorx',29,'void',1000,354,'esdwjs5izmwxqorx:void:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(360,'esdwjs5izmwxqorx',30,'void',1000,355,'esdwjs5izmwxqorx:void:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(361,'esdwjs5izmwxqorx',15,'void',1000,356,'esdwjs5izmwxqorx:void:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(362,'esdwjs5izmwxqorx',11,'void',1000,357,'esdwjs5izmwxqorx:void:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(363,'esdwjs5izmwxqorx',12,'void',1000,358,'esdwjs5izmwxqorx:void:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(364,'esdwjs5izmwxqorx',13,'post',400,NULL,'esdwjs5izmwxqorx:billed','limner',1795345200000000);
INSERT INTO "entry" VALUES(365,'f2z2ubvgtvadjp5d',29,'hold',1000,NULL,'f2z2ubvgtvadjp5d:hold:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(366,'f2z2ubvgtvadjp5d',30,'hold',1000,NULL,'f2z2ubvgtvadjp5d:hold:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(367,'f2z2ubvgtvadjp5d',15,'hold',1000,NULL,'f2z2ubvgtvadjp5d:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(368,'f2z2ubvgtvadjp5d',11,'hold',1000,NULL,'f2z2ubvgtvadjp5d:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(369,'f2z2ubvgtvadjp5d',12,'hold',1000,NULL,'f2z2ubvgtvadjp5d:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(370,'f2z2ubvgtvadjp5d',29,'void',1000,365,'f2z2ubvgtvadjp5d:void:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(371,'f2z2ubvgtvadjp5d',30,'void',1000,366,'f2z2ubvgtvadjp5d:void:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(372,'f2z2ubvgtvadjp5d',15,'void',1000,367,'f2z2ubvgtvadjp5d:void:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(373,'f2z2ubvgtvadjp5d',11,'void',1000,368,'f2z2ubvgtvadjp5d:void:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(374,'f2z2ubvgtvadjp5d',12,'void',1000,369,'f2z2ubvgtvadjp5d:void:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(375,'f2z2ubvgtvadjp5d',13,'post',500,NULL,'f2z2ubvgtvadjp5d:billed','limner',1795345200000000);
INSERT INTO "entry" VALUES(376,'cxzw3t26r5awlb5d',29,'hold',1000,NULL,'cxzw3t26r5awlb5d:hold:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(377,'cxzw3t26r5awlb5d',30,'hold',1000,NULL,'cxzw3t26r5awlb5d:hold:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(378,'cxzw3t26r5awlb5d',15,'hold',1000,NULL,'cxzw3t26r5awlb5d:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(379,'cxzw3t26r5awlb5d',11,'hold',1000,NULL,'cxzw3t26r5awlb5d:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(380,'cxzw3t26r5awlb5d',12,'hold',1000,NULL,'cxzw3t26r5awlb5d:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(381,'cxzw3t26r5awlb5d',29,'void',1000,376,'cxzw3t26r5awlb5d:void:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(382,'cxzw3t26r5awlb5d',30,'void',1000,377,'cxzw3t26r5awlb5d:void:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(383,'cxzw3t26r5awlb5d',15,'void',1000,378,'cxzw3t26r5awlb5d:void:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(384,'cxzw3t26r5awlb5d',11,'void',1000,379,'cxzw3t26r5awlb5d:void:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(385,'cxzw3t26r5awlb5d',12,'void',1000,380,'cxzw3t26r5awlb5d:void:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(386,'cxzw3t26r5awlb5d',13,'post',600,NULL,'cxzw3t26r5awlb5d:billed','limner',1795345200000000);
INSERT INTO "entry" VALUES(387,'5n5iewdp2mk4xqt6',29,'hold',1000,NULL,'5n5iewdp2mk4xqt6:hold:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(388,'5n5iewdp2mk4xqt6',30,'hold',1000,NULL,'5n5iewdp2mk4xqt6:hold:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(389,'5n5iewdp2mk4xqt6',15,'hold',1000,NULL,'5n5iewdp2mk4xqt6:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(390,'5n5iewdp2mk4xqt6',11,'hold',1000,NULL,'5n5iewdp2mk4xqt6:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(391,'5n5iewdp2mk4xqt6',12,'hold',1000,NULL,'5n5iewdp2mk4xqt6:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(392,'5n5iewdp2mk4xqt6',29,'void',1000,387,'5n5iewdp2mk4xqt6:void:29','limner',1795345200000000);
INSERT INTO "entry" VALUES(393,'5n5iewdp2mk4xqt6',30,'void',1000,388,'5n5iewdp2mk4xqt6:void:30','limner',1795345200000000);
INSERT INTO "entry" VALUES(394,'5n5iewdp2mk4xqt6',15,'void',1000,389,'5n5iewdp2mk4xqt6:void:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(395,'5n5iewdp2mk4xqt6',11,'void',1000,390,'5n5iewdp2mk4xqt6:void:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(396,'5n5iewdp2mk4xqt6',12,'void',1000,391,'5n5iewdp2mk4xqt6:void:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(397,'5n5iewdp2mk4xqt6',13,'post',700,NULL,'5n5iewdp2mk4xqt6:billed','limner',1795345200000000);
INSERT INTO "entry" VALUES(398,'xopzuqxybwyl5vsr',18,'hold',1000,NULL,'xopzuqxybwyl5vsr:hold:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(399,'xopzuqxybwyl5vsr',19,'hold',1000,NULL,'xopzuqxybwyl5vsr:hold:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(400,'xopzuqxybwyl5vsr',15,'hold',1000,NULL,'xopzuqxybwyl5vsr:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(401,'xopzuqxybwyl5vsr',11,'hold',1000,NULL,'xopzuqxybwyl5vsr:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(402,'xopzuqxybwyl5vsr',12,'hold',1000,NULL,'xopzuqxybwyl5vsr:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(403,'xopzuqxybwyl5vsr',18,'post',1000,398,'xopzuqxybwyl5vsr:post:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(404,'xopzuqxybwyl5vsr',19,'post',1000,399,'xopzuqxybwyl5vsr:post:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(405,'xopzuqxybwyl5vsr',15,'post',1000,400,'xopzuqxybwyl5vsr:post:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(406,'xopzuqxybwyl5vsr',11,'post',1000,401,'xopzuqxybwyl5vsr:post:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(407,'xopzuqxybwyl5vsr',12,'post',1000,402,'xopzuqxybwyl5vsr:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(408,'xopzuqxybwyl5vsr',13,'post',300,NULL,'xopzuqxybwyl5vsr:overrun','limner',1795345200000000);
INSERT INTO "entry" VALUES(409,'ejvyfij7lb67phsr',18,'hold',1000,NULL,'ejvyfij7lb67phsr:hold:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(410,'ejvyfij7lb67phsr',19,'hold',1000,NULL,'ejvyfij7lb67phsr:hold:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(411,'ejvyfij7lb67phsr',15,'hold',1000,NULL,'ejvyfij7lb67phsr:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(412,'ejvyfij7lb67phsr',11,'hold',1000,NULL,'ejvyfij7lb67phsr:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(413,'ejvyfij7lb67phsr',12,'hold',1000,NULL,'ejvyfij7lb67phsr:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(414,'ejvyfij7lb67phsr',18,'void',1000,409,'ejvyfij7lb67phsr:void:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(415,'ejvyfij7lb67phsr',19,'void',1000,410,'ejvyfij7lb67phsr:void:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(416,'ejvyfij7lb67phsr',15,'void',1000,411,'ejvyfij7lb67phsr:void:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(417,'ejvyfij7lb67phsr',11,'void',1000,412,'ejvyfij7lb67phsr:void:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(418,'ejvyfij7lb67phsr',12,'void',1000,413,'ejvyfij7lb67phsr:void:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(419,'ejvyfij7lb67phsr',13,'post',1000,NULL,'ejvyfij7lb67phsr:unknown','limner',1795345200000000);
INSERT INTO "entry" VALUES(420,'ejvyfij7lb67phsr',13,'adjust',-200,NULL,'ejvyfij7lb67phsr:late','limner',1795345200000000);
INSERT INTO "entry" VALUES(421,'bem6sxrchqn7orz6',18,'hold',1000,NULL,'bem6sxrchqn7orz6:hold:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(422,'bem6sxrchqn7orz6',19,'hold',1000,NULL,'bem6sxrchqn7orz6:hold:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(423,'bem6sxrchqn7orz6',15,'hold',1000,NULL,'bem6sxrchqn7orz6:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(424,'bem6sxrchqn7orz6',11,'hold',1000,NULL,'bem6sxrchqn7orz6:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(425,'bem6sxrchqn7orz6',12,'hold',1000,NULL,'bem6sxrchqn7orz6:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(426,'bem6sxrchqn7orz6',18,'void',1000,421,'bem6sxrchqn7orz6:void:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(427,'bem6sxrchqn7orz6',19,'void',1000,422,'bem6sxrchqn7orz6:void:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(428,'bem6sxrchqn7orz6',15,'void',1000,423,'bem6sxrchqn7orz6:void:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(429,'bem6sxrchqn7orz6',11,'void',1000,424,'bem6sxrchqn7orz6:void:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(430,'bem6sxrchqn7orz6',12,'void',1000,425,'bem6sxrchqn7orz6:void:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(431,'bem6sxrchqn7orz6',13,'post',1000,NULL,'bem6sxrchqn7orz6:unknown','limner',1795345200000000);
INSERT INTO "entry" VALUES(432,'o4kt53oo7eydi3xc',18,'hold',1000,NULL,'o4kt53oo7eydi3xc:hold:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(433,'o4kt53oo7eydi3xc',19,'hold',1000,NULL,'o4kt53oo7eydi3xc:hold:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(434,'o4kt53oo7eydi3xc',15,'hold',1000,NULL,'o4kt53oo7eydi3xc:hold:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(435,'o4kt53oo7eydi3xc',11,'hold',1000,NULL,'o4kt53oo7eydi3xc:hold:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(436,'o4kt53oo7eydi3xc',12,'hold',1000,NULL,'o4kt53oo7eydi3xc:hold:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(437,'o4kt53oo7eydi3xc',18,'post',1000,432,'o4kt53oo7eydi3xc:post:18','limner',1795345200000000);
INSERT INTO "entry" VALUES(438,'o4kt53oo7eydi3xc',19,'post',1000,433,'o4kt53oo7eydi3xc:post:19','limner',1795345200000000);
INSERT INTO "entry" VALUES(439,'o4kt53oo7eydi3xc',15,'post',1000,434,'o4kt53oo7eydi3xc:post:15','limner',1795345200000000);
INSERT INTO "entry" VALUES(440,'o4kt53oo7eydi3xc',11,'post',1000,435,'o4kt53oo7eydi3xc:post:11','limner',1795345200000000);
INSERT INTO "entry" VALUES(441,'o4kt53oo7eydi3xc',12,'post',1000,436,'o4kt53oo7eydi3xc:post:12','limner',1795345200000000);
INSERT INTO "entry" VALUES(442,NULL,31,'grant',60000,NULL,'allowance:31','limner',1795348800000000);
INSERT INTO "entry" VALUES(443,'i5xxojxlkbase4mq',31,'hold',1000,NULL,'i5xxojxlkbase4mq:hold:31','limner',1795348800000000);
INSERT INTO "entry" VALUES(444,NULL,32,'grant',200000,NULL,'allowance:32','limner',1795348800000000);
INSERT INTO "entry" VALUES(445,'i5xxojxlkbase4mq',32,'hold',1000,NULL,'i5xxojxlkbase4mq:hold:32','limner',1795348800000000);
INSERT INTO "entry" VALUES(446,NULL,15,'adjust',10000,NULL,'limit:15:445','limner',1795348800000000);
INSERT INTO "entry" VALUES(447,'i5xxojxlkbase4mq',15,'hold',1000,NULL,'i5xxojxlkbase4mq:hold:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(448,'i5xxojxlkbase4mq',11,'hold',1000,NULL,'i5xxojxlkbase4mq:hold:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(449,'i5xxojxlkbase4mq',12,'hold',1000,NULL,'i5xxojxlkbase4mq:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(450,NULL,33,'grant',60000,NULL,'allowance:33','limner',1795348800000000);
INSERT INTO "entry" VALUES(451,'lx73begx6tem4des',33,'hold',1000,NULL,'lx73begx6tem4des:hold:33','limner',1795348800000000);
INSERT INTO "entry" VALUES(452,NULL,34,'grant',200000,NULL,'allowance:34','limner',1795348800000000);
INSERT INTO "entry" VALUES(453,'lx73begx6tem4des',34,'hold',1000,NULL,'lx73begx6tem4des:hold:34','limner',1795348800000000);
INSERT INTO "entry" VALUES(454,NULL,35,'grant',90000,NULL,'allowance:35','limner',1795348800000000);
INSERT INTO "entry" VALUES(455,'lx73begx6tem4des',35,'hold',1000,NULL,'lx73begx6tem4des:hold:35','limner',1795348800000000);
INSERT INTO "entry" VALUES(456,'lx73begx6tem4des',36,'hold',1000,NULL,'lx73begx6tem4des:hold:36','limner',1795348800000000);
INSERT INTO "entry" VALUES(457,'lx73begx6tem4des',12,'hold',1000,NULL,'lx73begx6tem4des:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(458,'7sg6dqpmo6uxos2u',18,'hold',1000,NULL,'7sg6dqpmo6uxos2u:hold:18','limner',1795348800000000);
INSERT INTO "entry" VALUES(459,'7sg6dqpmo6uxos2u',19,'hold',1000,NULL,'7sg6dqpmo6uxos2u:hold:19','limner',1795348800000000);
INSERT INTO "entry" VALUES(460,'7sg6dqpmo6uxos2u',15,'hold',1000,NULL,'7sg6dqpmo6uxos2u:hold:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(461,'7sg6dqpmo6uxos2u',11,'hold',1000,NULL,'7sg6dqpmo6uxos2u:hold:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(462,'7sg6dqpmo6uxos2u',12,'hold',1000,NULL,'7sg6dqpmo6uxos2u:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(463,'rmsmzi2pdx4ofasz',18,'hold',1000,NULL,'rmsmzi2pdx4ofasz:hold:18','limner',1795348800000000);
INSERT INTO "entry" VALUES(464,'rmsmzi2pdx4ofasz',19,'hold',1000,NULL,'rmsmzi2pdx4ofasz:hold:19','limner',1795348800000000);
INSERT INTO "entry" VALUES(465,'rmsmzi2pdx4ofasz',15,'hold',1000,NULL,'rmsmzi2pdx4ofasz:hold:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(466,'rmsmzi2pdx4ofasz',11,'hold',1000,NULL,'rmsmzi2pdx4ofasz:hold:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(467,'rmsmzi2pdx4ofasz',12,'hold',1000,NULL,'rmsmzi2pdx4ofasz:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(468,'rq3pmxcp65plvuz4',18,'hold',1000,NULL,'rq3pmxcp65plvuz4:hold:18','limner',1795348800000000);
INSERT INTO "entry" VALUES(469,'rq3pmxcp65plvuz4',19,'hold',1000,NULL,'rq3pmxcp65plvuz4:hold:19','limner',1795348800000000);
INSERT INTO "entry" VALUES(470,'rq3pmxcp65plvuz4',15,'hold',1000,NULL,'rq3pmxcp65plvuz4:hold:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(471,'rq3pmxcp65plvuz4',11,'hold',1000,NULL,'rq3pmxcp65plvuz4:hold:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(472,'rq3pmxcp65plvuz4',12,'hold',1000,NULL,'rq3pmxcp65plvuz4:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(473,'yc4jjy5awaxzcxer',18,'hold',1000,NULL,'yc4jjy5awaxzcxer:hold:18','limner',1795348800000000);
INSERT INTO "entry" VALUES(474,'yc4jjy5awaxzcxer',19,'hold',1000,NULL,'yc4jjy5awaxzcxer:hold:19','limner',1795348800000000);
INSERT INTO "entry" VALUES(475,'yc4jjy5awaxzcxer',15,'hold',1000,NULL,'yc4jjy5awaxzcxer:hold:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(476,'yc4jjy5awaxzcxer',11,'hold',1000,NULL,'yc4jjy5awaxzcxer:hold:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(477,'yc4jjy5awaxzcxer',12,'hold',1000,NULL,'yc4jjy5awaxzcxer:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(478,'yc4jjy5awaxzcxer',18,'post',900,473,'yc4jjy5awaxzcxer:post:18','limner',1795348800000000);
INSERT INTO "entry" VALUES(479,'yc4jjy5awaxzcxer',19,'post',900,474,'yc4jjy5awaxzcxer:post:19','limner',1795348800000000);
INSERT INTO "entry" VALUES(480,'yc4jjy5awaxzcxer',15,'post',900,475,'yc4jjy5awaxzcxer:post:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(481,'yc4jjy5awaxzcxer',11,'post',900,476,'yc4jjy5awaxzcxer:post:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(482,'yc4jjy5awaxzcxer',12,'post',900,477,'yc4jjy5awaxzcxer:post:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(483,'mrxisedbidbwyee6',18,'hold',1000,NULL,'mrxisedbidbwyee6:hold:18','limner',1795348800000000);
INSERT INTO "entry" VALUES(484,'mrxisedbidbwyee6',19,'hold',1000,NULL,'mrxisedbidbwyee6:hold:19','limner',1795348800000000);
INSERT INTO "entry" VALUES(485,'mrxisedbidbwyee6',15,'hold',1000,NULL,'mrxisedbidbwyee6:hold:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(486,'mrxisedbidbwyee6',11,'hold',1000,NULL,'mrxisedbidbwyee6:hold:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(487,'mrxisedbidbwyee6',12,'hold',1000,NULL,'mrxisedbidbwyee6:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(488,'mrxisedbidbwyee6',18,'post',900,483,'mrxisedbidbwyee6:post:18','limner',1795348800000000);
INSERT INTO "entry" VALUES(489,'mrxisedbidbwyee6',19,'post',900,484,'mrxisedbidbwyee6:post:19','limner',1795348800000000);
INSERT INTO "entry" VALUES(490,'mrxisedbidbwyee6',15,'post',900,485,'mrxisedbidbwyee6:post:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(491,'mrxisedbidbwyee6',11,'post',900,486,'mrxisedbidbwyee6:post:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(492,'mrxisedbidbwyee6',12,'post',900,487,'mrxisedbidbwyee6:post:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(493,'vcvey3fvn4vjhexa',18,'hold',1000,NULL,'vcvey3fvn4vjhexa:hold:18','limner',1795348800000000);
INSERT INTO "entry" VALUES(494,'vcvey3fvn4vjhexa',19,'hold',1000,NULL,'vcvey3fvn4vjhexa:hold:19','limner',1795348800000000);
INSERT INTO "entry" VALUES(495,'vcvey3fvn4vjhexa',15,'hold',1000,NULL,'vcvey3fvn4vjhexa:hold:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(496,'vcvey3fvn4vjhexa',11,'hold',1000,NULL,'vcvey3fvn4vjhexa:hold:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(497,'vcvey3fvn4vjhexa',12,'hold',1000,NULL,'vcvey3fvn4vjhexa:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(498,'vcvey3fvn4vjhexa',18,'post',900,493,'vcvey3fvn4vjhexa:post:18','limner',1795348800000000);
INSERT INTO "entry" VALUES(499,'vcvey3fvn4vjhexa',19,'post',900,494,'vcvey3fvn4vjhexa:post:19','limner',1795348800000000);
INSERT INTO "entry" VALUES(500,'vcvey3fvn4vjhexa',15,'post',900,495,'vcvey3fvn4vjhexa:post:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(501,'vcvey3fvn4vjhexa',11,'post',900,496,'vcvey3fvn4vjhexa:post:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(502,'vcvey3fvn4vjhexa',12,'post',900,497,'vcvey3fvn4vjhexa:post:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(503,'buoyro7dmwyathqv',18,'hold',1000,NULL,'buoyro7dmwyathqv:hold:18','limner',1795348800000000);
INSERT INTO "entry" VALUES(504,'buoyro7dmwyathqv',19,'hold',1000,NULL,'buoyro7dmwyathqv:hold:19','limner',1795348800000000);
INSERT INTO "entry" VALUES(505,'buoyro7dmwyathqv',15,'hold',1000,NULL,'buoyro7dmwyathqv:hold:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(506,'buoyro7dmwyathqv',11,'hold',1000,NULL,'buoyro7dmwyathqv:hold:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(507,'buoyro7dmwyathqv',12,'hold',1000,NULL,'buoyro7dmwyathqv:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(508,'buoyro7dmwyathqv',18,'post',900,503,'buoyro7dmwyathqv:post:18','limner',1795348800000000);
INSERT INTO "entry" VALUES(509,'buoyro7dmwyathqv',19,'post',900,504,'buoyro7dmwyathqv:post:19','limner',1795348800000000);
INSERT INTO "entry" VALUES(510,'buoyro7dmwyathqv',15,'post',900,505,'buoyro7dmwyathqv:post:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(511,'buoyro7dmwyathqv',11,'post',900,506,'buoyro7dmwyathqv:post:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(512,'buoyro7dmwyathqv',12,'post',900,507,'buoyro7dmwyathqv:post:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(513,NULL,21,'adjust',20000,NULL,'limit:21:512','limner',1795348800000000);
INSERT INTO "entry" VALUES(514,'dxfu5nmo5yajejo4',21,'hold',1000,NULL,'dxfu5nmo5yajejo4:hold:21','limner',1795348800000000);
INSERT INTO "entry" VALUES(515,NULL,22,'adjust',110000,NULL,'limit:22:514','limner',1795348800000000);
INSERT INTO "entry" VALUES(516,'dxfu5nmo5yajejo4',22,'hold',1000,NULL,'dxfu5nmo5yajejo4:hold:22','limner',1795348800000000);
INSERT INTO "entry" VALUES(517,NULL,23,'adjust',88000,NULL,'limit:23:516','limner',1795348800000000);
INSERT INTO "entry" VALUES(518,'dxfu5nmo5yajejo4',23,'hold',1000,NULL,'dxfu5nmo5yajejo4:hold:23','limner',1795348800000000);
INSERT INTO "entry" VALUES(519,'dxfu5nmo5yajejo4',24,'hold',1000,NULL,'dxfu5nmo5yajejo4:hold:24','limner',1795348800000000);
INSERT INTO "entry" VALUES(520,'dxfu5nmo5yajejo4',12,'hold',1000,NULL,'dxfu5nmo5yajejo4:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(521,'dxfu5nmo5yajejo4',21,'post',900,514,'dxfu5nmo5yajejo4:post:21','limner',1795348800000000);
INSERT INTO "entry" VALUES(522,'dxfu5nmo5yajejo4',22,'post',900,516,'dxfu5nmo5yajejo4:post:22','limner',1795348800000000);
INSERT INTO "entry" VALUES(523,'dxfu5nmo5yajejo4',23,'post',900,518,'dxfu5nmo5yajejo4:post:23','limner',1795348800000000);
INSERT INTO "entry" VALUES(524,'dxfu5nmo5yajejo4',24,'post',900,519,'dxfu5nmo5yajejo4:post:24','limner',1795348800000000);
INSERT INTO "entry" VALUES(525,'dxfu5nmo5yajejo4',12,'post',900,520,'dxfu5nmo5yajejo4:post:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(526,NULL,37,'grant',60000,NULL,'allowance:37','limner',1795348800000000);
INSERT INTO "entry" VALUES(527,'gp3lgg5xc2vfmddb',37,'hold',1000,NULL,'gp3lgg5xc2vfmddb:hold:37','limner',1795348800000000);
INSERT INTO "entry" VALUES(528,NULL,38,'grant',200000,NULL,'allowance:38','limner',1795348800000000);
INSERT INTO "entry" VALUES(529,'gp3lgg5xc2vfmddb',38,'hold',1000,NULL,'gp3lgg5xc2vfmddb:hold:38','limner',1795348800000000);
INSERT INTO "entry" VALUES(530,'gp3lgg5xc2vfmddb',23,'hold',1000,NULL,'gp3lgg5xc2vfmddb:hold:23','limner',1795348800000000);
INSERT INTO "entry" VALUES(531,'gp3lgg5xc2vfmddb',24,'hold',1000,NULL,'gp3lgg5xc2vfmddb:hold:24','limner',1795348800000000);
INSERT INTO "entry" VALUES(532,'gp3lgg5xc2vfmddb',12,'hold',1000,NULL,'gp3lgg5xc2vfmddb:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(533,'gp3lgg5xc2vfmddb',37,'post',900,527,'gp3lgg5xc2vfmddb:post:37','limner',1795348800000000);
INSERT INTO "entry" VALUES(534,'gp3lgg5xc2vfmddb',38,'post',900,529,'gp3lgg5xc2vfmddb:post:38','limner',1795348800000000);
INSERT INTO "entry" VALUES(535,'gp3lgg5xc2vfmddb',23,'post',900,530,'gp3lgg5xc2vfmddb:post:23','limner',1795348800000000);
INSERT INTO "entry" VALUES(536,'gp3lgg5xc2vfmddb',24,'post',900,531,'gp3lgg5xc2vfmddb:post:24','limner',1795348800000000);
INSERT INTO "entry" VALUES(537,'gp3lgg5xc2vfmddb',12,'post',900,532,'gp3lgg5xc2vfmddb:post:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(538,NULL,39,'grant',60000,NULL,'allowance:39','limner',1795348800000000);
INSERT INTO "entry" VALUES(539,'ohqre2fxejxt3ky7',39,'hold',1000,NULL,'ohqre2fxejxt3ky7:hold:39','limner',1795348800000000);
INSERT INTO "entry" VALUES(540,NULL,40,'grant',200000,NULL,'allowance:40','limner',1795348800000000);
INSERT INTO "entry" VALUES(541,'ohqre2fxejxt3ky7',40,'hold',1000,NULL,'ohqre2fxejxt3ky7:hold:40','limner',1795348800000000);
INSERT INTO "entry" VALUES(542,'ohqre2fxejxt3ky7',15,'hold',1000,NULL,'ohqre2fxejxt3ky7:hold:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(543,'ohqre2fxejxt3ky7',11,'hold',1000,NULL,'ohqre2fxejxt3ky7:hold:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(544,'ohqre2fxejxt3ky7',12,'hold',1000,NULL,'ohqre2fxejxt3ky7:hold:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(545,'ohqre2fxejxt3ky7',39,'void',1000,539,'ohqre2fxejxt3ky7:void:39','limner',1795348800000000);
INSERT INTO "entry" VALUES(546,'ohqre2fxejxt3ky7',40,'void',1000,541,'ohqre2fxejxt3ky7:void:40','limner',1795348800000000);
INSERT INTO "entry" VALUES(547,'ohqre2fxejxt3ky7',15,'void',1000,542,'ohqre2fxejxt3ky7:void:15','limner',1795348800000000);
INSERT INTO "entry" VALUES(548,'ohqre2fxejxt3ky7',11,'void',1000,543,'ohqre2fxejxt3ky7:void:11','limner',1795348800000000);
INSERT INTO "entry" VALUES(549,'ohqre2fxejxt3ky7',12,'void',1000,544,'ohqre2fxejxt3ky7:void:12','limner',1795348800000000);
INSERT INTO "entry" VALUES(550,'ohqre2fxejxt3ky7',13,'post',1000,NULL,'ohqre2fxejxt3ky7:unknown','limner',1795348800000000);
CREATE TABLE erasure (
  principal_id INTEGER PRIMARY KEY REFERENCES principal,
  at INTEGER NOT NULL
) STRICT;
INSERT INTO "erasure" VALUES(7,1795341648000000);
CREATE TABLE evidence (
  case_id INTEGER NOT NULL REFERENCES review_case,
  position INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  type TEXT NOT NULL,
  secured_at INTEGER,
  dropped_at INTEGER,
  PRIMARY KEY (case_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "evidence" VALUES(2,0,'2b27c4b2f9c54c7a04f0508940e302cd2972602aeeba62bfa4f5dde46f5bf3bb','image/png',1775044812000000,1775044812000000);
INSERT INTO "evidence" VALUES(12,-1,'f1e61a6bc9415906caa45c2d3315b16b441de52be1a33d44e29d33c829f788c6','image/jpeg',1795341648000000,NULL);
INSERT INTO "evidence" VALUES(12,0,'7dfacffe71851277c9b22efc76bbe6b85d1438fe3466d266c9861deb152e4df1','image/png',1795341648000000,NULL);
INSERT INTO "evidence" VALUES(25,0,'9b83e874d5ef5c3e98f72a493d53cc2377626e96d0b0698a59de28c5582bc559','image/png',NULL,NULL);
CREATE TABLE favourite (
  principal_id INTEGER NOT NULL REFERENCES principal,
  job_key TEXT NOT NULL REFERENCES job,
  at INTEGER NOT NULL,
  PRIMARY KEY (principal_id, job_key)
) STRICT, WITHOUT ROWID;
INSERT INTO "favourite" VALUES(1,'e7oememmhnlfzden',1795345200000000);
CREATE TABLE installation (
  platform TEXT NOT NULL,
  community TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed_token BLOB NOT NULL,
  bot_user TEXT NOT NULL,
  bot TEXT NOT NULL,
  scopes TEXT NOT NULL, -- JSON: a list
  at INTEGER NOT NULL,
  PRIMARY KEY (platform, community)
) STRICT, WITHOUT ROWID;
INSERT INTO "installation" VALUES('slack','T1','Harbour & Söhne',X'6741414141414272435F454535524D595769426B6541746B777747334B6C6A7846313868674D5137386B58694D66594255737032317843514F416A4E694B417047343532374E6755467031677139787447594D49677737442D556A79744269582D5162576C63446E32616B396C4B38764648313963736F3D','UBOT','BBOT','["chat:write","files:write"]',1795345200000000);
CREATE TABLE job (
  key TEXT PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  person_id INTEGER NOT NULL REFERENCES principal,
  channel TEXT NOT NULL,
  asker TEXT NOT NULL, -- JSON: what else is known of the asker; {} after erasure
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('reserved', 'submitted', 'produced', 'failed', 'cancelled', 'lost', 'refunded')),
  revision INTEGER NOT NULL DEFAULT 1,
  request TEXT, -- JSON; NULL after erasure or retention
  asked_model TEXT NOT NULL,
  image_sha256 TEXT REFERENCES blob,
  private INTEGER NOT NULL CHECK (private IN (0, 1)),
  action TEXT NOT NULL,
  parent TEXT,
  parent_picture INTEGER,
  quote INTEGER NOT NULL CHECK (quote >= 0),
  bill INTEGER CHECK (bill >= 0), -- what the backend charged; NULL while unknown
  seed INTEGER NOT NULL,
  drawn_by TEXT,
  backend TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  repeatable INTEGER NOT NULL DEFAULT 0 CHECK (repeatable IN (0, 1)),
  request_id TEXT, -- the backend's own name for the call
  failure TEXT, -- JSON of the error
  acked_at INTEGER,
  created_at INTEGER NOT NULL,
  submitted_at INTEGER,
  closed_at INTEGER,
  deadline_at INTEGER NOT NULL
, frozen INTEGER NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1)), reported INTEGER CHECK (reported >= 0)) STRICT;
INSERT INTO "job" VALUES('ruhqvuefb732s7ll','2t456y8w',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','','produced',5,NULL,'stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,2000,2000,1886729945,'stabilityai/stable-diffusion-2-1','api','easel',0,NULL,NULL,1775044800000000,1775044800000000,1775044800000000,1775044800000000,1775046000000000,0,2000);
INSERT INTO "job" VALUES('cuyxkinubcxz4ch2','sfwe6q4k',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','','produced',5,NULL,'stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,836904580,'stabilityai/stable-diffusion-2-1','api','easel',0,NULL,NULL,1775044806000000,1775044806000000,1775044806000000,1775044806000000,1775046006000000,0,1000);
INSERT INTO "job" VALUES('hgiovwwxltupl6sh','16pd46xm',5,'','{}','','produced',3,NULL,'stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,452607285,'stabilityai/stable-diffusion-2-1','api','',0,NULL,NULL,1775044812000000,1775044812000000,1775044812000000,1775044812000000,1775046012000000,0,1000);
INSERT INTO "job" VALUES('7nueydlb35v5ilw4','vs05z8ew',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','0e469ccd4e1fdb69e250fc36b8c071c1648caac08ab855fe0fbd1e15e2cd9de3','refunded',5,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"undecided","seed":2449124872,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,2449124872,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795168800000000,1795168800000000,1795168800000000,1795168800000000,1795170000000000,0,1000);
INSERT INTO "job" VALUES('ytkfqddyve7e2a32','z8ydkhb8',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','fc2dff1b2498c86b58a7a5a93d31367022f85fdc4cd48b5944d0f9219a2d4002','produced',4,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"case, approve","seed":1253751772,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,1253751772,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341600000000,1795341600000000,1795341600000000,1795341600000000,1795342800000000,0,1000);
INSERT INTO "job" VALUES('cud7mmndmanlnei2','tqwmp2bt',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','20157556678c2ef0a570e8af7d79d27cac422c3798ab55416f10fe7e081f7974','produced',4,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"case, blur","seed":654474545,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,654474545,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341606000000,1795341606000000,1795341606000000,1795341606000000,1795342806000000,0,1000);
INSERT INTO "job" VALUES('krhm2ay72jfh5riw','4gmnqcta',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','30fd8a41a5d414cca7e56f429d57f7a9bf19513c09f0f6112d705b63ae674101','produced',4,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"case, remove","seed":3819220857,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,3819220857,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341612000000,1795341612000000,1795341612000000,1795341612000000,1795342812000000,0,1000);
INSERT INTO "job" VALUES('dfwe4bbzzy5gagds','hxm90zb4',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','de510ac9be27f34f13f09b1a15027f3841e3efa58e3d56b006e245fa0f92bc25','produced',4,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"case, strike","seed":1154487287,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,1154487287,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341618000000,1795341618000000,1795341618000000,1795341618000000,1795342818000000,0,1000);
INSERT INTO "job" VALUES('bo3ddclf762jxgzr','v60m1sb5',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','fd05a42f0c0d563527b0c421a8d04b21088fa00388fa259e52c0512ba2951406','produced',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"seen by the classifier","seed":3801409051,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,3801409051,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341624000000,1795341624000000,1795341624000000,1795341624000000,1795342824000000,0,1000);
INSERT INTO "job" VALUES('jg3tmjlgnqgg7s6y','x1vmweg4',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','c60002d0ecf00530f12b073b083b05074eaae0c78e09674d5592caba39f424a6','produced',6,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"looked at twice","seed":3556812726,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,3556812726,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341624000000,1795341624000000,1795341624000000,1795341624000000,1795342824000000,0,1000);
INSERT INTO "job" VALUES('rlzmdgl73ypj5xg7','f9d54yx5',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','09d027c398bf79bb380216b7ed9b6bd3d451a6850a0b0ca34910f0287fe35a11','produced',5,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"waits for another moderator","seed":667380191,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,667380191,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341636000000,1795341636000000,1795341636000000,1795341636000000,1795342836000000,0,1000);
INSERT INTO "job" VALUES('uw5szbz52cqpz5xt','vam5xs6a',7,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Dan","roles":[]}','02b925755e90fc8f38e9535cbc4dae922e69b1e8f45b9b36dd595e342b45029a','produced',4,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"frozen","seed":2605185185,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,2605185185,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341642000000,1795341642000000,1795341642000000,1795341642000000,1795342842000000,1,1000);
INSERT INTO "job" VALUES('4dpafyxlqboelgvs','d7hssftk',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','01d0971b55a09417afe5a7584a292ce1ba79ffee23b4ffe6f74e24bbe73b3910','produced',4,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"reported","seed":126524956,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,126524956,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341648000000,1795341648000000,1795341648000000,1795341648000000,1795342848000000,0,1000);
INSERT INTO "job" VALUES('w3o3ltyy77uokzlo','m896dhwz',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','c39f880015323c1ac8e3a67ee8f2f1de9d3c43f8e797459887fd0a558b14a525','produced',5,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"hidden at once, remove","seed":4124886914,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,4124886914,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341648000000,1795341648000000,1795341648000000,1795341648000000,1795342848000000,0,1000);
INSERT INTO "job" VALUES('oyqyujidxgl5nqot','791seqph',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','b361e32b39ba0de7778c8f8c509e10f02fd7d793c838014b5950d96e9d0e0eee','produced',5,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"hidden at once, approve","seed":1231301344,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,1231301344,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341654000000,1795341654000000,1795341654000000,1795341654000000,1795342854000000,0,1000);
INSERT INTO "job" VALUES('xpi6sdkbxwre5if3','89wj754a',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','63504a87e4816e6ca0ec7ffeed13bb4265e49c763de2f0f67df1d2d43d159bc2','produced',4,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"hidden at once","seed":1644766979,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,1644766979,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341660000000,1795341660000000,1795341660000000,1795341660000000,1795342860000000,0,1000);
INSERT INTO "job" VALUES('u7bxndq2urz474ef','92522k45',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','a9cee671b418fb4b145383531f16dbe9fe815fdadc23a031bca74fa8a67ab883','produced',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"claimed","seed":2418713579,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,1,'imagine',NULL,NULL,1000,1000,2418713579,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341678000000,1795341678000000,1795341678000000,1795341678000000,1795342878000000,0,1000);
INSERT INTO "job" VALUES('6tfvp2dklup56oyl','zvs89nbz',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','16a5fb5921c7632c452ee559176174eeba044bb0fbb9d856c3d3728f96024a9a','produced',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"taken back","seed":1467493566,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,1467493566,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795341678000000,1795341678000000,1795341678000000,1795341678000000,1795342878000000,0,1000);
INSERT INTO "job" VALUES('ncbf72pgzlhphxm4','aj3f4czf',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','5b715f1344ee15f6d5eef81855b478d5c546a992aea0615d15f8cf552882a34f','refunded',5,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"withheld by itself","seed":1691845750,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,1691845750,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,1000);
INSERT INTO "job" VALUES('qjklvoqkqkh7hjeh','m1j853zh',23,'studio','{"account_created_at":"2020-02-29T23:59:59.123456+00:00","age_restricted":true,"direct":false,"joined_at":"2021-01-01T00:00:00+00:00","locale":"fr","name":"Cléo ☂","roles":["r1","r2"]}','5750227d60eeff05d0785d945bdc621ef929a9fa11881ba6804227ac0ad935e5','produced',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"half","seed":3181734061,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,3181734061,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,1000);
INSERT INTO "job" VALUES('e7oememmhnlfzden','2z8967p7',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','c67e2840618f292b69bc53c76d1f976238fbbac0417a18dec5e9c9993dd35ff2','produced',3,'{"given":["guidance_scale","height","lora","model","negative_prompt","num_images","num_inference_steps","prompt","seed","strength","use_compel","webhook","width"],"values":{"guidance_scale":6.5,"height":256,"lora":"x/ink","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"fog","num_images":2,"num_inference_steps":12,"prompt":"kept","seed":11,"strength":0.5,"use_compel":true,"webhook":"https://example.org/hook","width":512}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,2000,2000,11,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,2000);
INSERT INTO "job" VALUES('g7um3yzhu3a4s7e2','vf6jp95w',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','617073b00b452383e72c5c26e5d1fdf2d495260efe6a78e5d34c0d13fe3d131c','produced',3,'{"given":["guidance_scale","height","lora","model","negative_prompt","num_images","num_inference_steps","prompt","strength","use_compel","width"],"values":{"guidance_scale":6.5,"height":256,"lora":"x/ink","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"fog","num_images":2,"num_inference_steps":12,"prompt":"kept","seed":1681320987,"strength":0.5,"use_compel":true,"webhook":"","width":512}}','stabilityai/stable-diffusion-2-1',NULL,0,'again','e7oememmhnlfzden',NULL,2000,2000,1681320987,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,2000);
INSERT INTO "job" VALUES('nvlo5jqt22oh4h2a','cw375g6n',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','f59f617adeb23c33ef2ce2694e98b0cf7f0c2db728851cafe58fb83ace648a5b','produced',3,'{"given":["guidance_scale","height","lora","model","negative_prompt","num_images","num_inference_steps","prompt","strength","use_compel","width"],"values":{"guidance_scale":6.5,"height":256,"lora":"x/ink","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"fog","num_images":2,"num_inference_steps":12,"prompt":"kept","seed":131333949,"strength":0.6,"use_compel":true,"webhook":"","width":512}}','stabilityai/stable-diffusion-2-1','32e8e8de8af75dada1c3c7c6d55ee49aafea4f28164464fe28e2dc3b61a3bd9e',0,'vary','e7oememmhnlfzden',1,2000,2000,131333949,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,2000);
INSERT INTO "job" VALUES('y674q44ngq3c34rg','79nbbszg',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','b40de23c4f89bf9400cebe5b20cda66fb61b98858b44ef3164a29bbec7686bfa','produced',3,'{"given":["guidance_scale","height","lora","model","negative_prompt","num_images","num_inference_steps","prompt","strength","use_compel","width"],"values":{"guidance_scale":6.5,"height":512,"lora":"x/ink","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"fog","num_images":1,"num_inference_steps":12,"prompt":"kept","seed":3952823247,"strength":0.3,"use_compel":true,"webhook":"","width":1024}}','stabilityai/stable-diffusion-2-1','2f4ecc5efe9eff51d9bb5447064f3cbc343e404a67731eebf589429bfdaee030',0,'upscale','e7oememmhnlfzden',2,1000,1000,3952823247,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,1000);
INSERT INTO "job" VALUES('yruggbeyscnjgeta','rvpnrawx',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','aeef076a0b63159780a87d2fd517aecfef67458cd21b28d134d8a478a0468a0c','produced',3,'{"given":["guidance_scale","height","lora","model","negative_prompt","num_images","num_inference_steps","prompt","strength","use_compel","width"],"values":{"guidance_scale":6.5,"height":256,"lora":"x/ink","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"fog","num_images":2,"num_inference_steps":12,"prompt":"a dog","seed":154653831,"strength":0.5,"use_compel":true,"webhook":"","width":512}}','stabilityai/stable-diffusion-2-1',NULL,0,'edit','e7oememmhnlfzden',NULL,2000,2000,154653831,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,2000);
INSERT INTO "job" VALUES('e33i6dzw3s7merto','p1j3nyzs',1,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','409f9ff23c4aea848c15aa219196dc09dbc1e9a3f80879c275faf53362c3dba1','produced',4,'{"given":["num_images","num_inference_steps","prompt","use_compel"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":2,"num_inference_steps":30,"prompt":"half deleted","seed":1315524018,"strength":0.8,"use_compel":true,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,2000,2000,1315524018,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,2000);
INSERT INTO "job" VALUES('ko5tlp5fagwfx7vo','95kvtn8g',24,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Raider","roles":[]}','33164eb851a587401ed1629755b5c40fa1ad6e23fbf4fa6b845858f532502d3b','produced',4,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"purged","seed":3233839801,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,3233839801,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,1000);
INSERT INTO "job" VALUES('zburtzk6gv53a7ke','gh5dbcmb',25,'','{}','','produced',3,NULL,'stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,1995962291,'stabilityai/stable-diffusion-2-1','api','',0,NULL,NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,1000);
INSERT INTO "job" VALUES('dln6c2tfyifmrxi2','w1n3swjc',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','91a1d941bc004a220be58dc94cbed1a21e85808b0d941ee895347ac53d4a64a4','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BadRequest","seed":1867270191,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,1867270191,NULL,'api','',0,NULL,'{"kind":"BadRequest","problems":[{"code":"not_listed","data":{"choices":[512,768],"got":600,"nearest":512},"option":"width"},{"code":"image_refused","data":{},"option":""}]}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('pijsghjethqhikwz','h3x1v8t0',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','b7b8601e39c5033132b34959045594b9cdff0a9530239d8ce25d4ee7fd0fa14d','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"NotFound","seed":2155681955,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,2155681955,NULL,'api','',0,NULL,'{"kind":"NotFound","name":"c0ffee","what":"picture"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('xwxnoslbci2odtrt','8xna88vw',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','026a579c4fa4f438fd7c2fc4f1915db3da916412148215cca95ff565e2a02a64','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"NotAllowed","seed":956023037,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,956023037,NULL,'api','',0,NULL,'{"kind":"NotAllowed","why":"admins_only"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('z2arvfpjid6bjso4','v9qfg21n',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','774841d7fd7bd202a28f8a25cb51c3ecff7a2f9f359fb2e31d855c93aa1072d7','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"Blocked","seed":3125049240,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,3125049240,NULL,'api','',0,NULL,'{"kind":"Blocked","until":"2026-12-01T00:00:00+00:00","why":"spam"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('f7z7c4ogzwide45c','1w1z6d14',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','22478a2b07566f73b126993ababe9847267abe41aa4139a8e3c4804b3e5d8eaa','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"Paused","seed":3671235581,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,3671235581,NULL,'api','',0,NULL,'{"everywhere":true,"kind":"Paused","why":""}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('ruqstkol2j5gkihb','wecyre06',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','10cd951566499f0fa31b5b2c0f691e08f2ff14f01eb0366941a816e4a12ddb6e','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"PromptRefused","seed":241390688,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,241390688,NULL,'api','',0,NULL,'{"hard":true,"kind":"PromptRefused","why":"words"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('q35al6l66arpfdlr','mv9j7jy0',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','1e48bbcf06b721495b913367c4586e06c85078c0816fd64b734186b4f0cdc5a0','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"NotYours","seed":3547403079,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,3547403079,NULL,'api','',0,NULL,'{"kind":"NotYours","why":"about_you"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('xsied2svp3gourwy','q7fr18y1',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','c5e567b121aac05d0d51033f4ee0a094933f2a99805d63c16bc0f57f7fdb5b39','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"CantPost","seed":2632136010,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,2632136010,NULL,'api','',0,NULL,'{"kind":"CantPost","missing":["View Channel","Attach Files"],"why":""}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('4fw2lhqwxantq6mu','8gtsjya8',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','36846e7738f3c1cdc3c9636f006a4904442677a8a2c7fe40fb5a04d8653b5a08','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"SignInNeeded","seed":3775172430,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,3775172430,NULL,'api','',0,NULL,'{"kind":"SignInNeeded","why":"page"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('ou6wemesncv3rg5g','52a6zjzn',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','81632bac4a7f120a9e40d6788801ceb8d72ffe94088447da5b02cd2bb83a6518','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"TooNew","seed":1463358105,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,1463358105,NULL,'api','',0,NULL,'{"kind":"TooNew","open_at":"2026-12-01T00:00:00+00:00","why":"account"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('xr5366xsuvx7zpwx','jxjk563h',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','e46dd78a262d6234880504797d4f9279b41b998d11a9db652be05ab9f611d67f','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"TooManyRefused","seed":749890014,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,749890014,NULL,'api','',0,NULL,'{"kind":"TooManyRefused","open_at":"2026-12-01T00:00:00+00:00","why":""}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('2moat3x4wgnu4xyy','6q9zkjwz',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','9a352835b21f0d7fd133a028f8e7de420deb8ea2374ab4518bd492f5324129f7','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"QuotaExceeded","seed":1046649303,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,1046649303,NULL,'api','',0,NULL,'{"kind":"QuotaExceeded","left_micros":3,"level":"person","needed_micros":5,"opens_at":"2026-12-01T00:00:00+00:00","window":"day"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('pfmkabjvxed6csq6','npj41ck3',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','84f4f97de394a592adf1b9f22f14f5dfcd5b35957217e8912dc337ed98322dfd','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"TooManyWaiting","seed":3751188656,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,3751188656,NULL,'api','',0,NULL,'{"kind":"TooManyWaiting","limit":3}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('venk3wusqfjqcd35','81rwdsgp',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','8dd75e6ca444f99f2aa5d93e8c74a1a801dc4a3a28fbaa728e5e199b7af1db6c','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"QueueFull","seed":751360622,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,751360622,NULL,'api','',0,NULL,'{"kind":"QueueFull"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('66d4uxv55voerudm','9xyd8fjs',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','516109aec99bfc5d84a0dd07740f86842fd4ba133772e4c462a1dc70d00eb1e3','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"NoSpace","seed":1191281225,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,1191281225,NULL,'api','',0,NULL,'{"kind":"NoSpace"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('dmbfmgc4nawlu5hw','aj8eey5v',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','6f1911f2454b8934ff7d11670fde958900aad7bc40d55a212e961aa286232a42','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"WaitedTooLong","seed":643838309,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,643838309,NULL,'api','',0,NULL,'{"kind":"WaitedTooLong"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('i7qof6vkdlj6xul6','5wsmhesk',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','72e8dfa91ffa5700bd967b052ec29a7295db34b4af480f785d838cd720fd4204','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"Interrupted","seed":998032239,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,998032239,NULL,'api','',0,NULL,'{"kind":"Interrupted"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('wq4zoovbzuhvqsx7','9r15g6mz',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','1fccd86cc916e3c5772a63ab810af5b2922f1cdc7b9a2e58dea9aa9feaa3e1b3','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"ShuttingDown","seed":3239371998,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,3239371998,NULL,'api','',0,NULL,'{"kind":"ShuttingDown"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('4tdi6tr7oqfdishi','3rz1mtrw',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','893d5b472c428fa5065601b2380daa17f60a8156e55dfb1ce95d5b3386471125','lost',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"Broken","seed":1542086850,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,NULL,1542086850,NULL,'api','easel',0,NULL,'{"kind":"Broken"}',1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,NULL);
INSERT INTO "job" VALUES('jr3muf25ajbalktj','3hq4d8hx',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','4e4395bdc0f85b76959a227c35ba1e1906185ea9b151729b9433e3edb04eb670','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendFailed","seed":2671976891,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,2671976891,NULL,'api','',0,NULL,'{"billed_micros":0,"detail":"HTTP 418","kind":"BackendFailed"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('6j67fjcbrtly6t4r','bgrez201',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','3e9c41706c5b96a531b9f6a35c7dd9bb303f0077563c4c46db3e1670d3e9f6de','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendBusy","seed":3477986379,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,3477986379,NULL,'api','',0,NULL,'{"billed_micros":0,"detail":"HTTP 429","kind":"BackendBusy"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('w6m7bexfbludviyv','304zbcn4',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','83f6f695807fa8235cda48399a7cd2cad28e239705204da2b581fd2607530067','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendUnreachable","seed":3825966609,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,3825966609,NULL,'api','',0,NULL,'{"billed_micros":0,"detail":"ConnectError","kind":"BackendUnreachable"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('erjk6dwe2uq7uz2i','5whe323n',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','ef22d9a25ebf93792962ea6ba3d4998412186641aaa0a898ff670f851fdd743b','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendResting","seed":586207212,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,586207212,NULL,'api','',0,NULL,'{"billed_micros":0,"detail":"","kind":"BackendResting"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('zte36c3auzjircck','t2vd7djx',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','a235f25a3bad5fc6c047cd0cae8935007a43f816795d06026193edde8e66f00c','lost',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendTimedOut","seed":3215093553,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,NULL,3215093553,NULL,'api','easel',0,NULL,'{"billed_micros":0,"detail":"HTTP 504","kind":"BackendTimedOut"}',1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,NULL);
INSERT INTO "job" VALUES('4g55aprpassqyofb','mnwkkt97',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','2eb041aa48797f0cf71b207916b022d04a7b2e121d7ae065cd3ea2c3e6c82166','lost',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendCutOff","seed":3945126631,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,300,3945126631,NULL,'api','easel',0,NULL,'{"billed_micros":300,"detail":"ReadError","kind":"BackendCutOff"}',1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,300);
INSERT INTO "job" VALUES('goscnr55uuw63qkp','w8ya34m7',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','b056ef780eb225887d94e210f0107b7d9fe10789b79226d7a49d5d21ed3f2d68','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendKeyRefused","seed":3466184685,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,3466184685,NULL,'api','',0,NULL,'{"billed_micros":0,"detail":"HTTP 401","kind":"BackendKeyRefused"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('eucxinvsg5tn7ekw','qejpx92a',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','42a6bb9dd78eb7edfa26a3f0bcf85d088293d7e218d09e2a41f2dc4323351120','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendNeedsMoney","seed":712045464,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,712045464,NULL,'api','',0,NULL,'{"billed_micros":0,"detail":"HTTP 402","kind":"BackendNeedsMoney"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('qlpxysleecuugnvh','n1n34k2x',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','026122d31e51616228256de0448fdd0156fc7417d9eb5656ef78c28563703672','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendModelMissing","seed":2563445402,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,2563445402,NULL,'api','',0,NULL,'{"billed_micros":0,"detail":"HTTP 404","kind":"BackendModelMissing"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('43yshig2x5lx6qdq','c60vzmyg',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','b95d54ee551485e4e2c9148fa2e39f512925bd9f61c0a48180b62283a2b59c81','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendLocked","seed":196970082,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,196970082,NULL,'api','',0,NULL,'{"billed_micros":0,"detail":"HTTP 423","kind":"BackendLocked"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('xuko6dze3t63vbta','7t5retba',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','446c625878a76a7f8b26d98e276b72b590b4b5418fe1fe1ed3f161f0968865ef','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendRejected","seed":2071462871,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,2071462871,NULL,'api','',0,NULL,'{"billed_micros":0,"detail":"HTTP 422: “too wide”","kind":"BackendRejected"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('esdwjs5izmwxqorx','qwbk4j8a',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','60b30d8fc5006d2efb847758954c52f631bd1907da33773343f2a383f4d43b62','failed',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendModerated","seed":843350796,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,400,843350796,NULL,'api','easel',0,NULL,'{"billed_micros":400,"detail":"nsfw","kind":"BackendModerated"}',1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,400);
INSERT INTO "job" VALUES('p54mxbnrsimiudqi','6h5x5nz5',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','bab455067c1b1987984037e94948c9ab4cfb90551517c1c8b8066562722989a6','failed',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendBroken","seed":3977766004,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,0,3977766004,NULL,'api','',0,NULL,'{"billed_micros":0,"detail":"HTTP 500","kind":"BackendBroken"}',1795348800000000,1795348800000000,NULL,1795345200000000,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('f2z2ubvgtvadjp5d','8xmjy917',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','4252182bea4f9af7c352e9765d0517e0afdde57599f156e9e1532a75e6901bf1','failed',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendGarbled","seed":2081528802,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,500,2081528802,NULL,'api','easel',0,NULL,'{"billed_micros":500,"detail":"not JSON","kind":"BackendGarbled"}',1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,500);
INSERT INTO "job" VALUES('cxzw3t26r5awlb5d','24ezeedc',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','f268bb941cacb81f79a856aa255f2e1eb4baac03af8defe2e9484d0cbdd8a11b','failed',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendUnkept","seed":4129744356,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,600,4129744356,NULL,'api','easel',0,NULL,'{"billed_micros":600,"detail":"NoSpace","kind":"BackendUnkept"}',1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,600);
INSERT INTO "job" VALUES('5n5iewdp2mk4xqt6','fwgzzh14',26,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"","roles":[]}','6dbe5635ff9e2f1d1e2e7423a0ca580ad7b76ed56962ea2b4c1fddfb41f80a67','failed',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"BackendEmpty","seed":3880597666,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,700,3880597666,NULL,'api','easel',0,NULL,'{"billed_micros":700,"detail":"","kind":"BackendEmpty"}',1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,700);
INSERT INTO "job" VALUES('xopzuqxybwyl5vsr','8p9f2a5b',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','6cb335524854e2d09d1665d155c88f3908dbdd5d3070d62116476a5bcfc09607','produced',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"dearer","seed":600167483,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1300,600167483,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,1300);
INSERT INTO "job" VALUES('ejvyfij7lb67phsr','1mve54vz',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','7fd9b3fa76164f0d74d8000cff80122c094a66ed25190d736d73d59ae7d268b2','cancelled',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"late","seed":630346993,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,800,630346993,NULL,'api','easel',0,NULL,'{"kind":"Cancelled"}',1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,800);
INSERT INTO "job" VALUES('bem6sxrchqn7orz6','fdvxp3qk',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','8244c5eb8d5e95ce0e72e259953c75554aee3e381907b8c5dbadfa11d3df3480','cancelled',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"unknown","seed":1518753883,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,NULL,1518753883,NULL,'api','easel',0,NULL,'{"kind":"Cancelled"}',1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,NULL);
INSERT INTO "job" VALUES('o4kt53oo7eydi3xc','7ec5z6f8',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','f81b431b6111363d3cc03e002e1af10cfec0dde3e81698edb2fd28594700801b','produced',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"message gone","seed":4205678523,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,1000,4205678523,'stabilityai/stable-diffusion-2-1','api','easel',0,'R1',NULL,1795345200000000,1795345200000000,1795345200000000,1795345200000000,1795346400000000,0,1000);
INSERT INTO "job" VALUES('i5xxojxlkbase4mq','f290zb5x',27,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Ann","roles":[]}','35b520e693b48814c9e61ba10e916e7ee7ede70de07dd307e2cd9c5aeff8be95','reserved',1,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"queued","seed":1500840593,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,NULL,1500840593,NULL,'api','',0,NULL,NULL,1795348800000000,1795348800000000,NULL,NULL,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('lx73begx6tem4des','083gwbjy',28,'C1','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Sam","roles":[]}','8f5a3272de956ff683bf12a464d8c05ada3f14ea3c51c9fca5134d88475daba4','reserved',1,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"queued in Slack","seed":4243509832,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1','5781478f9642084673185c6e3d2eedadf7f1068111c867d24079a016d35950bd',0,'imagine',NULL,NULL,1000,NULL,4243509832,NULL,'api','',0,NULL,NULL,1795348800000000,1795348800000000,NULL,NULL,1795349700000000,0,NULL);
INSERT INTO "job" VALUES('7sg6dqpmo6uxos2u','bxptsajw',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','0ad050e78abf57b706e17211bf357fdf0606b0eabb6d1416fbfa23a4573a55c2','submitted',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"submitted","seed":3942900811,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,NULL,3942900811,NULL,'api','easel',0,NULL,NULL,1795348800000000,1795348800000000,1795348800000000,NULL,1795350000000000,0,NULL);
INSERT INTO "job" VALUES('rmsmzi2pdx4ofasz','9ws47v30',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','65492e6c3166608db91888eaefcf58f19a7f2778700bcde69ce6e2e37a3453a8','submitted',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"submitted, free","seed":613269098,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,NULL,613269098,NULL,'api','easel',1,NULL,NULL,1795348800000000,1795348800000000,1795348800000000,NULL,1795350000000000,0,NULL);
INSERT INTO "job" VALUES('rq3pmxcp65plvuz4','zzccgpy1',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','33a8a7f102cafcddcec59434fe6fb82251147bc246822ca1a5da78ad93a86f25','submitted',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"billed","seed":3829941734,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,NULL,3829941734,NULL,'api','easel',0,NULL,NULL,1795348800000000,1795348800000000,1795348800000000,NULL,1795350000000000,0,900);
INSERT INTO "job" VALUES('yc4jjy5awaxzcxer','kr6tjnpk',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','fb44f44f81448e7de443fbd29be241cb22d7de1bb1b4b3a179bbe8aa6d5bceec','produced',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"drawn, PNG","seed":3763316684,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,900,5,'stabilityai/stable-diffusion-2-1','api','easel',0,'R2',NULL,1795348800000000,1795348800000000,1795348800000000,1795348800000000,1795350000000000,0,NULL);
INSERT INTO "job" VALUES('mrxisedbidbwyee6','4d8aq3rq',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','33533c7fced97920be05531a91df7c1e35e7f5c7bc7781e963922ad99eda00da','produced',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"drawn, JPEG","seed":1761201294,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,900,5,'stabilityai/stable-diffusion-2-1','api','easel',0,'R2',NULL,1795348800000000,1795348800000000,1795348800000000,1795348800000000,1795350000000000,0,NULL);
INSERT INTO "job" VALUES('vcvey3fvn4vjhexa','tsd4tj0m',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','0dbc3d28137658aac79ac4fb8140a305ff4b18f91a1b84e97bdba4b75953367e','produced',2,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"drawn, WEBP","seed":1678640841,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,900,5,'stabilityai/stable-diffusion-2-1','api','easel',0,'R2',NULL,1795348800000000,1795348800000000,1795348800000000,1795348800000000,1795350000000000,0,NULL);
INSERT INTO "job" VALUES('buoyro7dmwyathqv','jea2n29h',4,'art','{"account_created_at":null,"age_restricted":false,"direct":false,"joined_at":null,"locale":"en","name":"Bob","roles":[]}','dfcadc1a930841887f6fb259a1700ed0a5b09d885a069384923968e2f718e74f','produced',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"behind","seed":1001471967,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,900,5,'stabilityai/stable-diffusion-2-1','api','easel',0,'R2',NULL,1795348800000000,1795348800000000,1795348800000000,1795348800000000,1795350000000000,0,NULL);
INSERT INTO "job" VALUES('dxfu5nmo5yajejo4','gqarng9e',23,'studio','{"account_created_at":"2020-02-29T23:59:59.123456+00:00","age_restricted":false,"direct":false,"joined_at":"2021-01-01T00:00:00+00:00","locale":"fr","name":"Cléo ☂","roles":["r1","r2"]}','e0f36f2273f2c6c63ff6c29e2d4e6381b9ebe4c0a6e0ffc8c2c1783da110530b','produced',3,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"withheld","seed":3938573982,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,900,5,'stabilityai/stable-diffusion-2-1','api','easel',0,'R2',NULL,1795348800000000,1795348800000000,1795348800000000,1795348800000000,1795350000000000,0,NULL);
INSERT INTO "job" VALUES('gp3lgg5xc2vfmddb','rde147t1',29,'studio','{"account_created_at":"2020-02-29T23:59:59.123456+00:00","age_restricted":true,"direct":false,"joined_at":"2021-01-01T00:00:00+00:00","locale":"fr","name":"Kim","roles":["r1","r2"]}','e518cabf7631f96e8c67e8a07d7acbcdee5b7b5c56c8c2e0cce04237def50018','produced',4,'{"given":["prompt"],"values":{"guidance_scale":7.5,"height":768,"lora":"","model":"stabilityai/stable-diffusion-2-1","negative_prompt":"","num_images":1,"num_inference_steps":25,"prompt":"escalated","seed":218737695,"strength":0.8,"use_compel":false,"webhook":"","width":768}}','stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,900,5,'stabilityai/stable-diffusion-2-1','api','easel',0,'R2',NULL,1795348800000000,1795348800000000,1795348800000000,1795348800000000,1795350000000000,1,NULL);
INSERT INTO "job" VALUES('ohqre2fxejxt3ky7','mze539ds',30,'','{}','','cancelled',3,NULL,'stabilityai/stable-diffusion-2-1',NULL,0,'imagine',NULL,NULL,1000,NULL,3856167820,NULL,'api','',0,NULL,NULL,1795348800000000,1795348800000000,1795348800000000,1795348800000000,1795350000000000,0,NULL);
CREATE TABLE look (
  job_key TEXT NOT NULL REFERENCES job,
  position INTEGER NOT NULL,
  source TEXT NOT NULL, -- '' when nobody looked
  score REAL,
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  threshold REAL,
  pdq BLOB, -- eight hashes of 32 bytes, one for each way to turn and mirror the picture
  at INTEGER NOT NULL,
  PRIMARY KEY (job_key, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "look" VALUES('4dpafyxlqboelgvs',0,'api',NULL,'','',NULL,X'3CEA5C11F9F364AB0D08BAB8CA05544260EAC0E3FFE9ACC7544A332919FF139F3CEA5C11F9F364AB0D08BAB8CA05544260EAC0E3FFE9ACC7544A332919FF139F3CEA5C11F9F364AB0D08BAB8CA05544260EAC0E3FFE9ACC7544A332919FF139F3CEA5C11F9F364AB0D08BAB8CA05544260EAC0E3FFE9ACC7544A332919FF139F3CEA5C11F9F364AB0D08BAB8CA05544260EAC0E3FFE9ACC7544A332919FF139F3CEA5C11F9F364AB0D08BAB8CA05544260EAC0E3FFE9ACC7544A332919FF139F3CEA5C11F9F364AB0D08BAB8CA05544260EAC0E3FFE9ACC7544A332919FF139F3CEA5C11F9F364AB0D08BAB8CA05544260EAC0E3FFE9ACC7544A332919FF139F',1795341648000000);
INSERT INTO "look" VALUES('6tfvp2dklup56oyl',0,'api',NULL,'','',NULL,X'201C7DA120892448151F1094FDCBE618BE5D8B7E895B2FDEEF0B749D8A178C11201C7DA120892448151F1094FDCBE618BE5D8B7E895B2FDEEF0B749D8A178C11201C7DA120892448151F1094FDCBE618BE5D8B7E895B2FDEEF0B749D8A178C11201C7DA120892448151F1094FDCBE618BE5D8B7E895B2FDEEF0B749D8A178C11201C7DA120892448151F1094FDCBE618BE5D8B7E895B2FDEEF0B749D8A178C11201C7DA120892448151F1094FDCBE618BE5D8B7E895B2FDEEF0B749D8A178C11201C7DA120892448151F1094FDCBE618BE5D8B7E895B2FDEEF0B749D8A178C11201C7DA120892448151F1094FDCBE618BE5D8B7E895B2FDEEF0B749D8A178C11',1795341678000000);
INSERT INTO "look" VALUES('7nueydlb35v5ilw4',0,'api',NULL,'','',NULL,X'B6B6B6C45597385228B0CC173B5197E4B7F559BBBD86DE94D8829C929C309F08B6B6B6C45597385228B0CC173B5197E4B7F559BBBD86DE94D8829C929C309F08B6B6B6C45597385228B0CC173B5197E4B7F559BBBD86DE94D8829C929C309F08B6B6B6C45597385228B0CC173B5197E4B7F559BBBD86DE94D8829C929C309F08B6B6B6C45597385228B0CC173B5197E4B7F559BBBD86DE94D8829C929C309F08B6B6B6C45597385228B0CC173B5197E4B7F559BBBD86DE94D8829C929C309F08B6B6B6C45597385228B0CC173B5197E4B7F559BBBD86DE94D8829C929C309F08B6B6B6C45597385228B0CC173B5197E4B7F559BBBD86DE94D8829C929C309F08',1795168800000000);
INSERT INTO "look" VALUES('bo3ddclf762jxgzr',0,'classifier',0.9,'opennsfw','1',0.8,X'9DB5EFE9B45E485C398F9470E60E54BF6D87AE44763702A42C71E52A8B2BAA979DB5EFE9B45E485C398F9470E60E54BF6D87AE44763702A42C71E52A8B2BAA979DB5EFE9B45E485C398F9470E60E54BF6D87AE44763702A42C71E52A8B2BAA979DB5EFE9B45E485C398F9470E60E54BF6D87AE44763702A42C71E52A8B2BAA979DB5EFE9B45E485C398F9470E60E54BF6D87AE44763702A42C71E52A8B2BAA979DB5EFE9B45E485C398F9470E60E54BF6D87AE44763702A42C71E52A8B2BAA979DB5EFE9B45E485C398F9470E60E54BF6D87AE44763702A42C71E52A8B2BAA979DB5EFE9B45E485C398F9470E60E54BF6D87AE44763702A42C71E52A8B2BAA97',1795341624000000);
INSERT INTO "look" VALUES('buoyro7dmwyathqv',0,'sketch',NULL,'','',NULL,NULL,1795348800000000);
INSERT INTO "look" VALUES('cud7mmndmanlnei2',0,'api',NULL,'','',NULL,X'FC6AB24A9CD1B141E70C0B4FBC354619CE19185DB7DEE04650E442F016B0C9EDFC6AB24A9CD1B141E70C0B4FBC354619CE19185DB7DEE04650E442F016B0C9EDFC6AB24A9CD1B141E70C0B4FBC354619CE19185DB7DEE04650E442F016B0C9EDFC6AB24A9CD1B141E70C0B4FBC354619CE19185DB7DEE04650E442F016B0C9EDFC6AB24A9CD1B141E70C0B4FBC354619CE19185DB7DEE04650E442F016B0C9EDFC6AB24A9CD1B141E70C0B4FBC354619CE19185DB7DEE04650E442F016B0C9EDFC6AB24A9CD1B141E70C0B4FBC354619CE19185DB7DEE04650E442F016B0C9EDFC6AB24A9CD1B141E70C0B4FBC354619CE19185DB7DEE04650E442F016B0C9ED',1795341606000000);
INSERT INTO "look" VALUES('cuyxkinubcxz4ch2',0,'api',NULL,'','',NULL,X'2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB2B27C4B2F9C54C7A04F0508940E302CD2972602AEEBA62BFA4F5DDE46F5BF3BB',1775044806000000);
INSERT INTO "look" VALUES('dfwe4bbzzy5gagds',0,'api',NULL,'','',NULL,X'328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127328CDA750F913354ED33D89E86E1A77A6DE695E5BBA115E784B78A62C2E8C127',1795341618000000);
INSERT INTO "look" VALUES('dxfu5nmo5yajejo4',0,'',NULL,'','',NULL,NULL,1795348800000000);
INSERT INTO "look" VALUES('e33i6dzw3s7merto',0,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('e33i6dzw3s7merto',1,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('e7oememmhnlfzden',0,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('e7oememmhnlfzden',1,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('g7um3yzhu3a4s7e2',0,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('g7um3yzhu3a4s7e2',1,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('gp3lgg5xc2vfmddb',0,'',NULL,'','',NULL,NULL,1795348800000000);
INSERT INTO "look" VALUES('hgiovwwxltupl6sh',0,'api',NULL,'','',NULL,X'820CCB5474D46BDFFE8983A8FBD2BB317897F55BEA491257680E10693C3275A5820CCB5474D46BDFFE8983A8FBD2BB317897F55BEA491257680E10693C3275A5820CCB5474D46BDFFE8983A8FBD2BB317897F55BEA491257680E10693C3275A5820CCB5474D46BDFFE8983A8FBD2BB317897F55BEA491257680E10693C3275A5820CCB5474D46BDFFE8983A8FBD2BB317897F55BEA491257680E10693C3275A5820CCB5474D46BDFFE8983A8FBD2BB317897F55BEA491257680E10693C3275A5820CCB5474D46BDFFE8983A8FBD2BB317897F55BEA491257680E10693C3275A5820CCB5474D46BDFFE8983A8FBD2BB317897F55BEA491257680E10693C3275A5',1775044812000000);
INSERT INTO "look" VALUES('jg3tmjlgnqgg7s6y',0,'api',NULL,'','',NULL,X'D1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11CD1BC0BD7B7C65028CC895BC643E31C0EFC02A53A4210FC063CDB0D6ACB5BF11C',1795341624000000);
INSERT INTO "look" VALUES('ko5tlp5fagwfx7vo',0,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('krhm2ay72jfh5riw',0,'api',NULL,'','',NULL,X'7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD7EB3C5F1A32091A6EFC352CE167DC4984A0B7C406A0AD00E581775E115579BBD',1795341612000000);
INSERT INTO "look" VALUES('ncbf72pgzlhphxm4',0,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('nvlo5jqt22oh4h2a',0,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('nvlo5jqt22oh4h2a',1,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('o4kt53oo7eydi3xc',0,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('oyqyujidxgl5nqot',0,'api',NULL,'','',NULL,X'5B82C67FBB4B5BCDA820E3D4501044583FA259DCF8B853D15C562C95911373CA5B82C67FBB4B5BCDA820E3D4501044583FA259DCF8B853D15C562C95911373CA5B82C67FBB4B5BCDA820E3D4501044583FA259DCF8B853D15C562C95911373CA5B82C67FBB4B5BCDA820E3D4501044583FA259DCF8B853D15C562C95911373CA5B82C67FBB4B5BCDA820E3D4501044583FA259DCF8B853D15C562C95911373CA5B82C67FBB4B5BCDA820E3D4501044583FA259DCF8B853D15C562C95911373CA5B82C67FBB4B5BCDA820E3D4501044583FA259DCF8B853D15C562C95911373CA5B82C67FBB4B5BCDA820E3D4501044583FA259DCF8B853D15C562C95911373CA',1795341654000000);
INSERT INTO "look" VALUES('qjklvoqkqkh7hjeh',0,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('rlzmdgl73ypj5xg7',0,'api',NULL,'','',NULL,X'A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6A53988BF894FC60388A097BF71D4FD3A65702334B96922E9EB6ABB6519891DD6',1795341636000000);
INSERT INTO "look" VALUES('ruhqvuefb732s7ll',0,'api',NULL,'','',NULL,X'FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5FD7DD69061F37841A51A2DD404C68CF697EF1A2E65C87D14D5B7E2FF60CFE9C5',1775044800000000);
INSERT INTO "look" VALUES('ruhqvuefb732s7ll',1,'api',NULL,'','',NULL,X'C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3C8955D461B45E1A0119DD6E439FF09BB4FE00A58FB0C3586758E49AFED8832F3',1775044800000000);
INSERT INTO "look" VALUES('u7bxndq2urz474ef',0,'api',NULL,'','',NULL,X'0332136F351A7F9258BA99BFCE61C5FF865341F1497B8934933BEA3FE8051B820332136F351A7F9258BA99BFCE61C5FF865341F1497B8934933BEA3FE8051B820332136F351A7F9258BA99BFCE61C5FF865341F1497B8934933BEA3FE8051B820332136F351A7F9258BA99BFCE61C5FF865341F1497B8934933BEA3FE8051B820332136F351A7F9258BA99BFCE61C5FF865341F1497B8934933BEA3FE8051B820332136F351A7F9258BA99BFCE61C5FF865341F1497B8934933BEA3FE8051B820332136F351A7F9258BA99BFCE61C5FF865341F1497B8934933BEA3FE8051B820332136F351A7F9258BA99BFCE61C5FF865341F1497B8934933BEA3FE8051B82',1795341678000000);
INSERT INTO "look" VALUES('uw5szbz52cqpz5xt',0,'api',NULL,'','',NULL,X'7DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF17DFACFFE71851277C9B22EFC76BBE6B85D1438FE3466D266C9861DEB152E4DF1',1795341642000000);
INSERT INTO "look" VALUES('w3o3ltyy77uokzlo',0,'api',NULL,'','',NULL,X'C2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEBC2571813ED1931A4038BBE8F04A9E60D1C2D026E49CA325CE9BCA87CE847FBEB',1795341648000000);
INSERT INTO "look" VALUES('xopzuqxybwyl5vsr',0,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('xpi6sdkbxwre5if3',0,'api',NULL,'','',NULL,X'A3389B1AC6A769DA6F9A53C18B8DCB45EC56D43E4C320AE66EC54FD3C032796CA3389B1AC6A769DA6F9A53C18B8DCB45EC56D43E4C320AE66EC54FD3C032796CA3389B1AC6A769DA6F9A53C18B8DCB45EC56D43E4C320AE66EC54FD3C032796CA3389B1AC6A769DA6F9A53C18B8DCB45EC56D43E4C320AE66EC54FD3C032796CA3389B1AC6A769DA6F9A53C18B8DCB45EC56D43E4C320AE66EC54FD3C032796CA3389B1AC6A769DA6F9A53C18B8DCB45EC56D43E4C320AE66EC54FD3C032796CA3389B1AC6A769DA6F9A53C18B8DCB45EC56D43E4C320AE66EC54FD3C032796CA3389B1AC6A769DA6F9A53C18B8DCB45EC56D43E4C320AE66EC54FD3C032796C',1795341660000000);
INSERT INTO "look" VALUES('y674q44ngq3c34rg',0,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('yruggbeyscnjgeta',0,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('yruggbeyscnjgeta',1,'api',NULL,'','',NULL,NULL,1795345200000000);
INSERT INTO "look" VALUES('ytkfqddyve7e2a32',0,'api',NULL,'','',NULL,X'42300B27861A3FF8216656A33460C4CA4A12D5DEA854CEC4CA20ED9B4998802642300B27861A3FF8216656A33460C4CA4A12D5DEA854CEC4CA20ED9B4998802642300B27861A3FF8216656A33460C4CA4A12D5DEA854CEC4CA20ED9B4998802642300B27861A3FF8216656A33460C4CA4A12D5DEA854CEC4CA20ED9B4998802642300B27861A3FF8216656A33460C4CA4A12D5DEA854CEC4CA20ED9B4998802642300B27861A3FF8216656A33460C4CA4A12D5DEA854CEC4CA20ED9B4998802642300B27861A3FF8216656A33460C4CA4A12D5DEA854CEC4CA20ED9B4998802642300B27861A3FF8216656A33460C4CA4A12D5DEA854CEC4CA20ED9B49988026',1795341600000000);
INSERT INTO "look" VALUES('zburtzk6gv53a7ke',0,'api',NULL,'','',NULL,NULL,1795345200000000);
CREATE TABLE migration (
  version INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL
) STRICT
;
INSERT INTO "migration" VALUES(1,'bafbe8396cf371bef931a9c94718385f17834b32938a7da6210c7305c41d979f',1775044800000000);
INSERT INTO "migration" VALUES(2,'edf0f866b4b9b5fb58928e803b60e2ce0485b52cf529f36042baa5de08ff0dce',1775044800000000);
INSERT INTO "migration" VALUES(3,'c441339bcc92cb58e3b0e006578f4c299910770a548d0afb61212eef9ec1ef22',1775044800000000);
INSERT INTO "migration" VALUES(4,'f7e4b91d155a7ccf42f664981fde0c55c4762f6575b3a89b7a1451053d233bc1',1775044800000000);
INSERT INTO "migration" VALUES(5,'863e5bb0e29af499f97e2b7e479b095a98b602ea002249077f7812fb0f947ac6',1775044800000000);
INSERT INTO "migration" VALUES(6,'337cac63f56913fc765a26ac385f160e3885e7f047eccd82e3916955c9a412a1',1775044800000000);
CREATE TABLE model (
  name TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  fetched_at INTEGER NOT NULL
) STRICT;
INSERT INTO "model" VALUES('stabilityai/stable-diffusion-2-1','{"about":"latent text-to-image diffusion model, 768 px","deprecated_at":"2024-09-27T00:00:00+00:00","name":"stabilityai/stable-diffusion-2-1","options":{"guidance_scale":{"allowed":[],"default":7.5,"maximum":20,"minimum":1},"height":{"allowed":[128,256,384,448,512,576,640,704,768,832,896,960,1024],"default":768,"maximum":null,"minimum":null},"image":{"allowed":[],"default":null,"maximum":null,"minimum":null},"lora":{"allowed":[],"default":"","maximum":null,"minimum":null},"negative_prompt":{"allowed":[],"default":"","maximum":null,"minimum":null},"num_images":{"allowed":[],"default":1,"maximum":4,"minimum":1},"num_inference_steps":{"allowed":[],"default":25,"maximum":512,"minimum":1},"seed":{"allowed":[],"default":null,"maximum":null,"minimum":0},"strength":{"allowed":[],"default":0.8,"maximum":1,"minimum":0},"use_compel":{"allowed":[],"default":false,"maximum":null,"minimum":null},"width":{"allowed":[128,256,384,448,512,576,640,704,768,832,896,960,1024],"default":768,"maximum":null,"minimum":null}},"price":{"height_px":0,"kind":"time","micros":500,"steps":0,"width_px":0},"replaced_by":"stabilityai/sdxl-turbo"}',1795345200000000);
INSERT INTO "model" VALUES('stabilityai/sdxl-turbo','{"about":"fast text-to-image model that draws in a few steps","deprecated_at":null,"name":"stabilityai/sdxl-turbo","options":{"guidance_scale":{"allowed":[],"default":1.0,"maximum":20,"minimum":0},"height":{"allowed":[128,256,384,448,512,576,640,704,768,832,896,960,1024],"default":768,"maximum":null,"minimum":null},"image":{"allowed":[],"default":null,"maximum":null,"minimum":null},"lora":{"allowed":[],"default":"","maximum":null,"minimum":null},"negative_prompt":{"allowed":[],"default":"","maximum":null,"minimum":null},"num_images":{"allowed":[],"default":1,"maximum":4,"minimum":1},"num_inference_steps":{"allowed":[],"default":5,"maximum":10,"minimum":1},"seed":{"allowed":[],"default":null,"maximum":null,"minimum":0},"strength":{"allowed":[],"default":0.8,"maximum":1,"minimum":0},"use_compel":{"allowed":[],"default":false,"maximum":null,"minimum":null},"width":{"allowed":[128,256,384,448,512,576,640,704,768,832,896,960,1024],"default":768,"maximum":null,"minimum":null}},"price":{"height_px":1024,"kind":"image","micros":200,"steps":5,"width_px":1024},"replaced_by":null}',1795345200000000);
INSERT INTO "model" VALUES('a/free','{"about":"latent text-to-image diffusion model, 768 px","deprecated_at":"2024-09-27T00:00:00+00:00","name":"a/free","options":{"guidance_scale":{"allowed":[],"default":7.5,"maximum":20,"minimum":1},"height":{"allowed":[128,256,384,448,512,576,640,704,768,832,896,960,1024],"default":768,"maximum":null,"minimum":null},"image":{"allowed":[],"default":null,"maximum":null,"minimum":null},"lora":{"allowed":[],"default":"","maximum":null,"minimum":null},"negative_prompt":{"allowed":[],"default":"","maximum":null,"minimum":null},"num_images":{"allowed":[],"default":1,"maximum":4,"minimum":1},"num_inference_steps":{"allowed":[],"default":25,"maximum":512,"minimum":1},"seed":{"allowed":[],"default":null,"maximum":null,"minimum":0},"strength":{"allowed":[],"default":0.8,"maximum":1,"minimum":0},"use_compel":{"allowed":[],"default":false,"maximum":null,"minimum":null},"width":{"allowed":[128,256,384,448,512,576,640,704,768,832,896,960,1024],"default":768,"maximum":null,"minimum":null}},"price":{"height_px":0,"kind":"free","micros":0,"steps":0,"width_px":0},"replaced_by":"stabilityai/sdxl-turbo"}',1795345200000000);
CREATE TABLE note (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
INSERT INTO "note" VALUES('erasure_key','5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e');
INSERT INTO "note" VALUES('paused','false');
INSERT INTO "note" VALUES('claimed','["slack:T1"]');
INSERT INTO "note" VALUES('slack_lent','[["T1","view:V1","F1","2026-12-01T00:00:00+00:00"]]');
INSERT INTO "note" VALUES('discord_commands:7','"c0ffee"');
CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  topic TEXT NOT NULL UNIQUE,
  place TEXT NOT NULL,
  principal_id INTEGER REFERENCES principal,
  code TEXT NOT NULL,
  detail TEXT NOT NULL, -- JSON
  due_at INTEGER, -- NULL once it was said, or given up
  attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "notice" VALUES(1,'report:1','moderators',2,'reported','{"case":"dfq92bxf","category":"indecent","job":"2t456y8w","words":"forgotten words"}',NULL,0);
INSERT INTO "notice" VALUES(2,'decided:dfq92bxf:1','person',1,'remove','{"job":"2t456y8w","kind":"report","reason":"a reason"}',NULL,0);
INSERT INTO "notice" VALUES(3,'opened:1t6frwry:1','moderators',2,'opened','{}',NULL,0);
INSERT INTO "notice" VALUES(4,'frozen:1t6frwry','owner',NULL,'frozen','{"case":"1t6frwry"}',NULL,0);
INSERT INTO "notice" VALUES(5,'opened:n5ge76na:1','moderators',2,'opened','{"case":"n5ge76na","kind":"pictures"}',NULL,0);
INSERT INTO "notice" VALUES(6,'decided:n5ge76na:1','person',1,'expired','{"job":"vs05z8ew"}',1795345264000000,7);
INSERT INTO "notice" VALUES(7,'opened:2tbky0d7:1','moderators',2,'opened','{"case":"2tbky0d7","kind":"pictures"}',1795345264000000,7);
INSERT INTO "notice" VALUES(8,'decided:2tbky0d7:1','person',1,'approve','{"job":"z8ydkhb8","kind":"pictures","reason":"approve it"}',1795345264000000,7);
INSERT INTO "notice" VALUES(9,'opened:xx00n5vd:1','moderators',2,'opened','{"case":"xx00n5vd","kind":"pictures"}',1795345264000000,7);
INSERT INTO "notice" VALUES(10,'decided:xx00n5vd:1','person',1,'blur','{"job":"tqwmp2bt","kind":"pictures","reason":"blur it"}',1795345264000000,7);
INSERT INTO "notice" VALUES(11,'opened:q42npg3e:1','moderators',2,'opened','{"case":"q42npg3e","kind":"pictures"}',1795345264000000,7);
INSERT INTO "notice" VALUES(12,'decided:q42npg3e:1','person',1,'remove','{"job":"4gmnqcta","kind":"pictures","reason":"remove it"}',1795345264000000,7);
INSERT INTO "notice" VALUES(13,'opened:jxfqz90d:1','moderators',2,'opened','{"case":"jxfqz90d","kind":"pictures"}',1795345264000000,7);
INSERT INTO "notice" VALUES(14,'strike:1','person',1,'struck','{"count":"1","reason":"strike it","until":"2026-11-22T10:00:24+00:00"}',1795345264000000,7);
INSERT INTO "notice" VALUES(15,'decided:jxfqz90d:1','person',1,'strike','{"job":"hxm90zb4","kind":"pictures","reason":"strike it"}',1795345264000000,7);
INSERT INTO "notice" VALUES(16,'opened:m33rny59:1','moderators',2,'opened','{"case":"m33rny59","kind":"pictures"}',1795345264000000,7);
INSERT INTO "notice" VALUES(17,'opened:axq3zrp3:1','moderators',2,'opened','{"case":"axq3zrp3","kind":"pictures"}',1795345264000000,7);
INSERT INTO "notice" VALUES(18,'decided:axq3zrp3:1','person',1,'remove','{"job":"x1vmweg4","kind":"pictures","reason":"no"}',1795345264000000,7);
INSERT INTO "notice" VALUES(19,'second_look:axq3zrp3:2','moderators',2,'second_look','{"case":"axq3zrp3","kind":"pictures"}',1795345264000000,7);
INSERT INTO "notice" VALUES(20,'decided:axq3zrp3:2','person',1,'kept_removed','{"job":"x1vmweg4","kind":"pictures","reason":"no"}',1795345232000000,6);
INSERT INTO "notice" VALUES(21,'opened:76ddpwh5:1','moderators',2,'opened','{"case":"76ddpwh5","kind":"pictures"}',1795345232000000,6);
INSERT INTO "notice" VALUES(22,'decided:76ddpwh5:1','person',1,'remove','{"job":"f9d54yx5","kind":"pictures","reason":"no"}',1795345232000000,6);
INSERT INTO "notice" VALUES(23,'second_look:76ddpwh5:2','moderators',2,'second_look','{"case":"76ddpwh5","kind":"pictures"}',1795345232000000,6);
INSERT INTO "notice" VALUES(24,'opened:gkvsdywt:1','moderators',2,'opened','{"case":"gkvsdywt","kind":"pictures"}',1795345232000000,6);
INSERT INTO "notice" VALUES(25,'frozen:gkvsdywt','owner',NULL,'frozen','{"case":"gkvsdywt"}',NULL,0);
INSERT INTO "notice" VALUES(26,'report:2','moderators',2,'reported','{"case":"1mpvav5g","category":"other","job":"d7hssftk","words":"it is other"}',1795345232000000,6);
INSERT INTO "notice" VALUES(27,'report:3','moderators',2,'reported','{"case":"1mpvav5g","category":"indecent","job":"d7hssftk","words":"it is indecent"}',1795345232000000,6);
INSERT INTO "notice" VALUES(28,'report:4','moderators',2,'reported','{"case":"1mpvav5g","category":"hate","job":"d7hssftk","words":"it is hate"}',1795345232000000,6);
INSERT INTO "notice" VALUES(29,'report:5','moderators',2,'reported','{"case":"1mpvav5g","category":"violence","job":"d7hssftk","words":"it is violence"}',1795345232000000,6);
INSERT INTO "notice" VALUES(30,'report:6','moderators',2,'reported','{"case":"1mpvav5g","category":"real_person","job":"d7hssftk","words":"it is real_person"}',1795345232000000,6);
INSERT INTO "notice" VALUES(31,'report:7','moderators',2,'reported','{"case":"kcptjdrf","category":"minors","job":"m896dhwz","words":"look"}',1795345232000000,6);
INSERT INTO "notice" VALUES(32,'decided:kcptjdrf:1','person',1,'remove','{"job":"m896dhwz","kind":"report","reason":"seen"}',1795345216000000,5);
INSERT INTO "notice" VALUES(33,'report:8','moderators',2,'reported','{"case":"8wxk43ye","category":"minors","job":"791seqph","words":"look"}',1795345216000000,5);
INSERT INTO "notice" VALUES(34,'decided:8wxk43ye:1','person',1,'approve','{"job":"791seqph","kind":"report","reason":"seen"}',1795345216000000,5);
INSERT INTO "notice" VALUES(35,'report:9','moderators',2,'reported','{"case":"8vhyq6bn","category":"minors","job":"89wj754a","words":"look"}',1795345216000000,5);
INSERT INTO "notice" VALUES(36,'opened:xsd7c152:1','moderators',2,'opened','{"case":"xsd7c152","kind":"words"}',1795345216000000,5);
INSERT INTO "notice" VALUES(37,'suspended:17','person',13,'suspended','{"until":"2026-11-23T10:01:00+00:00"}',1795345216000000,5);
INSERT INTO "notice" VALUES(38,'strike:2','person',13,'struck','{"count":"1","reason":"words","until":"2026-11-22T10:01:06+00:00"}',1795345208000000,4);
INSERT INTO "notice" VALUES(39,'decided:xsd7c152:1','person',13,'words_strike','{"job":"","kind":"words","reason":"words"}',1795345208000000,4);
INSERT INTO "notice" VALUES(40,'opened:295g2xf3:1','moderators',2,'opened','{"case":"295g2xf3","kind":"words"}',1795345208000000,4);
INSERT INTO "notice" VALUES(41,'suspended:18','person',14,'suspended','{"until":"2026-11-23T10:01:06+00:00"}',1795345208000000,4);
INSERT INTO "notice" VALUES(42,'decided:295g2xf3:1','person',14,'words_approve','{"job":"","kind":"words","reason":"words"}',1795345204000000,3);
INSERT INTO "notice" VALUES(43,'opened:w7f0k0q9:1','moderators',2,'opened','{"case":"w7f0k0q9","kind":"words"}',1795345204000000,3);
INSERT INTO "notice" VALUES(44,'suspended:19','person',15,'suspended','{"until":"2026-11-23T10:01:12+00:00"}',1795345204000000,3);
INSERT INTO "notice" VALUES(45,'decided:w7f0k0q9:1','person',15,'words_remove','{"job":"","kind":"words","reason":"words"}',1795345202000000,2);
INSERT INTO "notice" VALUES(46,'opened:ce13q6tv:1','moderators',2,'opened','{"case":"ce13q6tv","kind":"words"}',1795345202000000,2);
INSERT INTO "notice" VALUES(47,'suspended:20','person',16,'suspended','{"until":"2026-11-23T10:01:18+00:00"}',1795345202000000,2);
INSERT INTO "notice" VALUES(48,'opened:9y4qg938:1','moderators',2,'opened','{"case":"9y4qg938","kind":"pictures"}',1795345202000000,2);
INSERT INTO "notice" VALUES(49,'opened:458pr69j:1','moderators',2,'opened','{"case":"458pr69j","kind":"pictures"}',1795345202000000,2);
INSERT INTO "notice" VALUES(50,'strike:3','person',4,'struck','{"count":"1","reason":"by hand","until":"2026-11-22T10:01:18+00:00"}',1795345202000000,2);
INSERT INTO "notice" VALUES(51,'strike:4','person',4,'struck','{"count":"1","reason":"by hand, again","until":"2026-11-22T10:01:18+00:00"}',1795345202000000,2);
INSERT INTO "notice" VALUES(52,'opened:x62mmnsk:1','moderators',2,'opened','{"case":"x62mmnsk","kind":"pictures"}',1795345201000000,1);
INSERT INTO "notice" VALUES(53,'second_look:x62mmnsk:2','moderators',2,'second_look','{"case":"x62mmnsk","kind":"pictures"}',1795345201000000,1);
INSERT INTO "notice" VALUES(54,'budget:discord:c2:day:2026-11-22@UTC:50','moderators',17,'budget','{"limit_micros":"2000","opens_at":"2026-11-23T00:00:00+00:00","percent":"50","used_micros":"1000","window":"day"}',1795345201000000,1);
INSERT INTO "notice" VALUES(55,'opened:a5n4v27a:1','moderators',17,'opened','{"case":"a5n4v27a","kind":"pictures"}',1795348800000000,0);
INSERT INTO "notice" VALUES(56,'opened:84yxwpy7:1','moderators',17,'opened','{"case":"84yxwpy7","kind":"pictures"}',1795348800000000,0);
INSERT INTO "notice" VALUES(57,'frozen:84yxwpy7','owner',NULL,'frozen','{"case":"84yxwpy7"}',1795348800000000,0);
CREATE TABLE once_ticket (
  digest TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "once_ticket" VALUES('7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a',1795349400000000);
CREATE TABLE opening (
  key TEXT PRIMARY KEY, -- of the job that is to be
  platform TEXT NOT NULL,
  community TEXT NOT NULL,
  channel TEXT NOT NULL,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL, -- when to look whether a card stands there that is no job's
  tries INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO "opening" VALUES('pjlmiyf73mwhfhnb','slack','T1','C2',1795348800000000,1795348810000000,1);
INSERT INTO "opening" VALUES('tsxz2itw35ioazta','slack','T1','C1',1795348800000000,1795348805000000,0);
CREATE TABLE person (
  principal_id INTEGER PRIMARY KEY REFERENCES principal,
  defaults TEXT NOT NULL -- JSON: option name → value
) STRICT;
INSERT INTO "person" VALUES(1,'{"num_inference_steps":30,"use_compel":true}');
CREATE TABLE picture (
  job_key TEXT NOT NULL REFERENCES job,
  position INTEGER NOT NULL,
  sha256 TEXT REFERENCES blob,
  type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  width_px INTEGER NOT NULL,
  height_px INTEGER NOT NULL,
  flagged INTEGER CHECK (flagged IN (0, 1)),
  verdict TEXT CHECK (verdict IN ('show', 'spoiler', 'review', 'block', 'removed')),
  PRIMARY KEY (job_key, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "picture" VALUES('4dpafyxlqboelgvs',0,'3cea5c11f9f364ab0d08bab8ca05544260eac0e3ffe9acc7544a332919ff139f','image/png',82,16,16,0,'review');
INSERT INTO "picture" VALUES('6tfvp2dklup56oyl',0,'201c7da120892448151f1094fdcbe618be5d8b7e895b2fdeef0b749d8a178c11','image/png',82,16,16,1,'review');
INSERT INTO "picture" VALUES('7nueydlb35v5ilw4',0,'b6b6b6c45597385228b0cc173b5197e4b7f559bbbd86de94d8829c929c309f08','image/png',82,16,16,1,'block');
INSERT INTO "picture" VALUES('bo3ddclf762jxgzr',0,'9db5efe9b45e485c398f9470e60e54bf6d87ae44763702a42c71e52a8b2baa97','image/png',82,16,16,NULL,'review');
INSERT INTO "picture" VALUES('buoyro7dmwyathqv',0,'fbc3ff154b3de302a02c38a801aa62d3eb730d93d4aeebded81d05bfa9992e28','image/png',91,16,16,NULL,'spoiler');
INSERT INTO "picture" VALUES('cud7mmndmanlnei2',0,'fc6ab24a9cd1b141e70c0b4fbc354619ce19185db7dee04650e442f016b0c9ed','image/png',82,16,16,1,'spoiler');
INSERT INTO "picture" VALUES('cuyxkinubcxz4ch2',0,NULL,'image/png',82,16,16,1,'removed');
INSERT INTO "picture" VALUES('dfwe4bbzzy5gagds',0,'328cda750f913354ed33d89e86e1a77a6de695e5bba115e784b78a62c2e8c127','image/png',82,16,16,1,'block');
INSERT INTO "picture" VALUES('dxfu5nmo5yajejo4',0,'2629cb03064bb28f3d8b8f99d5aa4d99eb9b23fb9809841cbdba86a01b04135b','image/png',92,16,16,NULL,'review');
INSERT INTO "picture" VALUES('e33i6dzw3s7merto',0,NULL,'image/png',82,16,16,0,'removed');
INSERT INTO "picture" VALUES('e33i6dzw3s7merto',1,'59e3cc8514688fc6cfa031c790b5f8d7a9c2e04a669b982fde9e5045c64d9474','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('e7oememmhnlfzden',0,'a1cf5a7eaa2f7ab465a91d4a5fafbae0d3c5f26dfe4acade8a33a9968a2c9716','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('e7oememmhnlfzden',1,'1cf1ab4e0cff40c5e965b6ba12ba4f66ab648b23b0cfc12747ae88d979422565','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('g7um3yzhu3a4s7e2',0,'ed58a710036a711d8e7bf6a1bed81fb6270506a860eba56058e7a32938114267','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('g7um3yzhu3a4s7e2',1,'8eff26c55482b3ceac32edbf2a6cc39a3264f304dd1e7032e7fca9df56fd7782','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('gp3lgg5xc2vfmddb',0,'9b83e874d5ef5c3e98f72a493d53cc2377626e96d0b0698a59de28c5582bc559','image/png',94,16,16,NULL,'block');
INSERT INTO "picture" VALUES('hgiovwwxltupl6sh',0,NULL,'image/png',82,16,16,0,'removed');
INSERT INTO "picture" VALUES('jg3tmjlgnqgg7s6y',0,'d1bc0bd7b7c65028cc895bc643e31c0efc02a53a4210fc063cdb0d6acb5bf11c','image/png',82,16,16,1,'block');
INSERT INTO "picture" VALUES('ko5tlp5fagwfx7vo',0,'0cef8cea4a3a26ad4c3aa9cb9ee2b1cfaf973e7044e7a72ab0312aece98c06b8','image/png',82,16,16,0,'block');
INSERT INTO "picture" VALUES('krhm2ay72jfh5riw',0,'7eb3c5f1a32091a6efc352ce167dc4984a0b7c406a0ad00e581775e115579bbd','image/png',82,16,16,1,'block');
INSERT INTO "picture" VALUES('mrxisedbidbwyee6',0,'7a37c528af018dd53703a02f11951312fbfc28fec7bf4889c469ca2b12447546','image/jpeg',645,16,16,NULL,NULL);
INSERT INTO "picture" VALUES('ncbf72pgzlhphxm4',0,'d864dffb86a3bb322bda7e84e932a133ca923244e21a8b321f8028255cf26519','image/png',82,16,16,1,'review');
INSERT INTO "picture" VALUES('nvlo5jqt22oh4h2a',0,'5ab57fa40caf728bb23604f898a346181a7a358a7f532f489a0cbaf1124c6f2a','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('nvlo5jqt22oh4h2a',1,'82e28051d8da6f65b9826a1984709bbc17fee71e59f54fffcc70f9d75eef1dce','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('o4kt53oo7eydi3xc',0,'19f3d8c960fd2954457c85adc5673078b2bea4b9964a4314c6c3c6f48e3a3a49','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('oyqyujidxgl5nqot',0,'5b82c67fbb4b5bcda820e3d4501044583fa259dcf8b853d15c562c95911373ca','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('qjklvoqkqkh7hjeh',0,'ca8e6e78449191b960c33f38a17484c83f228adf9a2fcd58a58ce10cde10e7c5','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('rlzmdgl73ypj5xg7',0,'a53988bf894fc60388a097bf71d4fd3a65702334b96922e9eb6abb6519891dd6','image/png',82,16,16,1,'review');
INSERT INTO "picture" VALUES('ruhqvuefb732s7ll',0,NULL,'image/png',82,16,16,0,'removed');
INSERT INTO "picture" VALUES('ruhqvuefb732s7ll',1,NULL,'image/png',82,16,16,0,'removed');
INSERT INTO "picture" VALUES('u7bxndq2urz474ef',0,'0332136f351a7f9258ba99bfce61c5ff865341f1497b8934933bea3fe8051b82','image/png',82,16,16,1,'review');
INSERT INTO "picture" VALUES('uw5szbz52cqpz5xt',0,NULL,'image/png',82,16,16,1,'block');
INSERT INTO "picture" VALUES('vcvey3fvn4vjhexa',0,'7c5b6e3ccf2c9d01b3161b5ded28a556416eb5217d16cc8a24f8ae5b3a7b3ff3','image/webp',84,16,16,NULL,NULL);
INSERT INTO "picture" VALUES('w3o3ltyy77uokzlo',0,'c2571813ed1931a4038bbe8f04a9e60d1c2d026e49ca325ce9bca87ce847fbeb','image/png',82,16,16,0,'block');
INSERT INTO "picture" VALUES('xopzuqxybwyl5vsr',0,'c1e95f63b0d4c7431f0ddb3f5d4dd9324a71cd41f341fc5df66773b6e95f48dc','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('xpi6sdkbxwre5if3',0,'a3389b1ac6a769da6f9a53c18b8dcb45ec56d43e4c320ae66ec54fd3c032796c','image/png',82,16,16,0,'review');
INSERT INTO "picture" VALUES('y674q44ngq3c34rg',0,'5fdcaa5d564e236b65542eca17ecd383f071c3a39f9475c1a84bccfe2c1e51f2','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('yc4jjy5awaxzcxer',0,'b6204bef0956114a80feed6513d59327d9bbf1aceaa3af9a38d7e09f13688ed3','image/png',84,16,16,NULL,NULL);
INSERT INTO "picture" VALUES('yruggbeyscnjgeta',0,'f5beb03ec3e70314356160f262c7dab15a6d4ce3826c45db460ff57a8f6b4623','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('yruggbeyscnjgeta',1,'a8cb552aa5e2d312f35913f38517a32bcc7c341f7fce34bf0603d6e33c1879ad','image/png',82,16,16,0,'show');
INSERT INTO "picture" VALUES('ytkfqddyve7e2a32',0,'42300b27861a3ff8216656a33460c4ca4a12d5dea854cec4ca20ed9b49988026','image/png',82,16,16,1,'show');
INSERT INTO "picture" VALUES('zburtzk6gv53a7ke',0,NULL,'image/png',82,16,16,0,'removed');
CREATE TABLE preset (
  principal_id INTEGER NOT NULL REFERENCES principal,
  name TEXT NOT NULL,
  options TEXT NOT NULL, -- JSON: option name → value
  PRIMARY KEY (principal_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "preset" VALUES(1,'noir','{"guidance_scale":9.5,"negative_prompt":"colour"}');
CREATE TABLE principal (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'community', 'operator', 'house')),
  platform TEXT NOT NULL,
  community TEXT NOT NULL,
  person TEXT,
  erased_hash TEXT,
  UNIQUE (kind, platform, community, person)
) STRICT;
INSERT INTO "principal" VALUES(1,'person','discord','c1','ann',NULL);
INSERT INTO "principal" VALUES(2,'community','discord','c1','',NULL);
INSERT INTO "principal" VALUES(3,'operator','','','',NULL);
INSERT INTO "principal" VALUES(4,'person','discord','c1','bob',NULL);
INSERT INTO "principal" VALUES(5,'person','discord','c1',NULL,NULL);
INSERT INTO "principal" VALUES(6,'house','','','',NULL);
INSERT INTO "principal" VALUES(7,'person','discord','c1','dan',NULL);
INSERT INTO "principal" VALUES(8,'person','discord','c1','r-other',NULL);
INSERT INTO "principal" VALUES(9,'person','discord','c1','r-indecent',NULL);
INSERT INTO "principal" VALUES(10,'person','discord','c1','r-hate',NULL);
INSERT INTO "principal" VALUES(11,'person','discord','c1','r-violence',NULL);
INSERT INTO "principal" VALUES(12,'person','discord','c1','r-real_person',NULL);
INSERT INTO "principal" VALUES(13,'person','discord','c1','eve',NULL);
INSERT INTO "principal" VALUES(14,'person','discord','c1','gil',NULL);
INSERT INTO "principal" VALUES(15,'person','discord','c1','hal',NULL);
INSERT INTO "principal" VALUES(16,'person','discord','c1','fay',NULL);
INSERT INTO "principal" VALUES(17,'community','discord','c2','',NULL);
INSERT INTO "principal" VALUES(18,'community','slack','T1','',NULL);
INSERT INTO "principal" VALUES(19,'person','discord','c1','bad',NULL);
INSERT INTO "principal" VALUES(20,'person','discord','c1','worse',NULL);
INSERT INTO "principal" VALUES(21,'person','discord','c1','good',NULL);
INSERT INTO "principal" VALUES(22,'person','discord','c1','mended',NULL);
INSERT INTO "principal" VALUES(23,'person','discord','c2','cleo',NULL);
INSERT INTO "principal" VALUES(24,'person','discord','c1','raider',NULL);
INSERT INTO "principal" VALUES(25,'person','discord','c1',NULL,'8e331003a0242de84bde4ff4bb1e426635f563a5be27cbc8a9082019775f4ee5');
INSERT INTO "principal" VALUES(26,'person','discord','c1','unlucky',NULL);
INSERT INTO "principal" VALUES(27,'person','discord','c1','queued',NULL);
INSERT INTO "principal" VALUES(28,'person','slack','T1','U1',NULL);
INSERT INTO "principal" VALUES(29,'person','discord','c2','kim',NULL);
INSERT INTO "principal" VALUES(30,'person','discord','c1',NULL,'bca82a1ec355c40d5d2eb7881b76d85ae828f4321471c811b3663813a49d6bac');
CREATE TABLE refused_prompt (
  id INTEGER PRIMARY KEY,
  principal_id INTEGER NOT NULL REFERENCES principal,
  case_id INTEGER REFERENCES review_case,
  prompt TEXT, -- NULL once it was forgotten
  at INTEGER NOT NULL
) STRICT;
INSERT INTO "refused_prompt" VALUES(1,4,NULL,NULL,1775044812000000);
INSERT INTO "refused_prompt" VALUES(2,13,17,'words 0
--no others',1795341660000000);
INSERT INTO "refused_prompt" VALUES(3,13,17,'words 1
--no others',1795341660000000);
INSERT INTO "refused_prompt" VALUES(4,13,17,'words 2
--no others',1795341660000000);
INSERT INTO "refused_prompt" VALUES(5,14,18,'words 0
--no others',1795341666000000);
INSERT INTO "refused_prompt" VALUES(6,14,18,'words 1
--no others',1795341666000000);
INSERT INTO "refused_prompt" VALUES(7,14,18,'words 2
--no others',1795341666000000);
INSERT INTO "refused_prompt" VALUES(8,15,19,'words 0
--no others',1795341672000000);
INSERT INTO "refused_prompt" VALUES(9,15,19,'words 1
--no others',1795341672000000);
INSERT INTO "refused_prompt" VALUES(10,15,19,'words 2
--no others',1795341672000000);
INSERT INTO "refused_prompt" VALUES(11,16,20,'words 0
--no others',1795341678000000);
INSERT INTO "refused_prompt" VALUES(12,16,20,'words 1
--no others',1795341678000000);
INSERT INTO "refused_prompt" VALUES(13,16,20,'words 2
--no others',1795341678000000);
CREATE TABLE report (
  id INTEGER PRIMARY KEY,
  job_key TEXT NOT NULL REFERENCES job,
  principal_id INTEGER NOT NULL REFERENCES principal,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  closed_at INTEGER, category TEXT NOT NULL DEFAULT 'other', case_id INTEGER REFERENCES review_case, counts INTEGER NOT NULL DEFAULT 1 CHECK (counts IN (0, 1)), upheld INTEGER CHECK (upheld IN (0, 1)),
  UNIQUE (job_key, principal_id)
) STRICT;
INSERT INTO "report" VALUES(1,'cud7mmndmanlnei2',4,'still',1795341612000000,NULL,'other',6,1,NULL);
INSERT INTO "report" VALUES(2,'4dpafyxlqboelgvs',8,'it is other',1795341648000000,NULL,'other',13,0,NULL);
INSERT INTO "report" VALUES(3,'4dpafyxlqboelgvs',9,'it is indecent',1795341648000000,NULL,'indecent',13,1,NULL);
INSERT INTO "report" VALUES(4,'4dpafyxlqboelgvs',10,'it is hate',1795341648000000,NULL,'hate',13,1,NULL);
INSERT INTO "report" VALUES(5,'4dpafyxlqboelgvs',11,'it is violence',1795341648000000,NULL,'violence',13,1,NULL);
INSERT INTO "report" VALUES(6,'4dpafyxlqboelgvs',12,'it is real_person',1795341648000000,NULL,'real_person',13,1,NULL);
INSERT INTO "report" VALUES(7,'w3o3ltyy77uokzlo',4,'look',1795341648000000,1795341654000000,'minors',14,1,1);
INSERT INTO "report" VALUES(8,'oyqyujidxgl5nqot',4,'look',1795341654000000,1795341660000000,'minors',15,1,0);
INSERT INTO "report" VALUES(9,'xpi6sdkbxwre5if3',4,'look',1795341660000000,NULL,'minors',16,1,NULL);
CREATE TABLE review_case (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('pictures', 'report', 'words')),
  community_id INTEGER NOT NULL REFERENCES principal,
  subject_id INTEGER NOT NULL REFERENCES principal, -- whose doing it is about
  job_key TEXT REFERENCES job,
  state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'expired', 'frozen', 'closed')),
  round INTEGER NOT NULL DEFAULT 1,
  opened_at INTEGER NOT NULL,
  claimed_by TEXT,
  claimed_until INTEGER,
  decision TEXT CHECK (decision IN ('approve', 'blur', 'remove', 'strike', 'escalate')),
  decided_by TEXT,
  decided_at INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  effect_at INTEGER, -- when what was decided takes effect; NULL once it has
  first_decision TEXT, -- what the second look is about
  first_decided_by TEXT,
  announced_at INTEGER,
  closed_at INTEGER
) STRICT;
INSERT INTO "review_case" VALUES(1,'dfq92bxf','report',2,1,'ruhqvuefb732s7ll','closed',1,1775044800000000,NULL,NULL,'remove','discord:c1:mod',1775044800000000,'',NULL,NULL,NULL,NULL,1795168800000000);
INSERT INTO "review_case" VALUES(2,'1t6frwry','pictures',2,1,'cuyxkinubcxz4ch2','closed',1,1775044806000000,NULL,NULL,'escalate','discord:c1:mod',1775044806000000,'for the owner',NULL,NULL,NULL,NULL,1775044812000000);
INSERT INTO "review_case" VALUES(3,'n5ge76na','pictures',2,1,'7nueydlb35v5ilw4','expired',1,1795168800000000,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(4,'2tbky0d7','pictures',2,1,'ytkfqddyve7e2a32','decided',1,1795341600000000,NULL,NULL,'approve','discord:c1:mod',1795341600000000,'approve it',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(5,'xx00n5vd','pictures',2,1,'cud7mmndmanlnei2','decided',1,1795341606000000,NULL,NULL,'blur','discord:c1:mod',1795341606000000,'blur it',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(6,'k0qhqf3v','report',2,1,'cud7mmndmanlnei2','open',1,1795341612000000,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(7,'q42npg3e','pictures',2,1,'krhm2ay72jfh5riw','decided',1,1795341612000000,NULL,NULL,'remove','discord:c1:mod',1795341612000000,'remove it',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(8,'jxfqz90d','pictures',2,1,'dfwe4bbzzy5gagds','decided',1,1795341618000000,NULL,NULL,'strike','discord:c1:mod',1795341618000000,'strike it',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(9,'m33rny59','pictures',2,1,'bo3ddclf762jxgzr','open',1,1795341624000000,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(10,'axq3zrp3','pictures',2,1,'jg3tmjlgnqgg7s6y','decided',2,1795341630000000,NULL,NULL,'remove','discord:c1:max',1795341630000000,'no',NULL,'remove','discord:c1:mod',NULL,NULL);
INSERT INTO "review_case" VALUES(11,'76ddpwh5','pictures',2,1,'rlzmdgl73ypj5xg7','open',2,1795341642000000,NULL,NULL,NULL,NULL,NULL,'',NULL,'remove','discord:c1:mod',NULL,NULL);
INSERT INTO "review_case" VALUES(12,'gkvsdywt','pictures',2,7,'uw5szbz52cqpz5xt','frozen',1,1795341642000000,NULL,NULL,'escalate','discord:c1:mod',1795341642000000,'for the owner',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(13,'1mpvav5g','report',2,1,'4dpafyxlqboelgvs','open',1,1795341648000000,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(14,'kcptjdrf','report',2,1,'w3o3ltyy77uokzlo','decided',1,1795341648000000,NULL,NULL,'remove','discord:c1:mod',1795341648000000,'seen',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(15,'8wxk43ye','report',2,1,'oyqyujidxgl5nqot','decided',1,1795341654000000,NULL,NULL,'approve','discord:c1:mod',1795341654000000,'seen',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(16,'8vhyq6bn','report',2,1,'xpi6sdkbxwre5if3','open',1,1795341660000000,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(17,'xsd7c152','words',2,13,NULL,'decided',1,1795341660000000,NULL,NULL,'strike','discord:c1:mod',1795341660000000,'words',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(18,'295g2xf3','words',2,14,NULL,'decided',1,1795341666000000,NULL,NULL,'approve','discord:c1:mod',1795341666000000,'words',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(19,'w7f0k0q9','words',2,15,NULL,'decided',1,1795341672000000,NULL,NULL,'remove','discord:c1:mod',1795341672000000,'words',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(20,'ce13q6tv','words',2,16,NULL,'open',1,1795341678000000,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(21,'9y4qg938','pictures',2,1,'u7bxndq2urz474ef','open',1,1795341678000000,'discord:c1:mod',1795342278000000,NULL,NULL,NULL,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(22,'458pr69j','pictures',2,1,'6tfvp2dklup56oyl','open',1,1795341678000000,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(23,'x62mmnsk','pictures',2,4,'ncbf72pgzlhphxm4','open',2,1795345200000000,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(24,'a5n4v27a','pictures',17,23,'dxfu5nmo5yajejo4','decided',1,1795348800000000,NULL,NULL,'remove','discord:c2:mod',1795348800000000,'not yet in effect',1795348805000000,NULL,NULL,NULL,NULL);
INSERT INTO "review_case" VALUES(25,'84yxwpy7','pictures',17,29,'gp3lgg5xc2vfmddb','frozen',1,1795348800000000,NULL,NULL,'escalate','web:local:owner',1795348800000000,'at once',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE strike (
  id INTEGER PRIMARY KEY,
  principal_id INTEGER NOT NULL REFERENCES principal,
  case_id INTEGER REFERENCES review_case,
  block_id INTEGER REFERENCES block, -- the sanction that it brought
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  lifted_at INTEGER,
  lifted_by TEXT
) STRICT;
INSERT INTO "strike" VALUES(1,1,8,NULL,'strike it','discord:c1:mod',1795341624000000,1803117624000000,NULL,NULL);
INSERT INTO "strike" VALUES(2,13,17,NULL,'words','discord:c1:mod',1795341666000000,1803117666000000,NULL,NULL);
INSERT INTO "strike" VALUES(3,4,NULL,NULL,'by hand','discord:c1:mod',1795341678000000,1803117678000000,1795341678000000,'discord:c1:mod');
INSERT INTO "strike" VALUES(4,4,NULL,NULL,'by hand, again','discord:c1:mod',1795341678000000,1803117678000000,NULL,NULL);
CREATE TABLE told (
  topic TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT;
INSERT INTO "told" VALUES('budget:discord:c2:day:2026-11-22@UTC:50',1795345200000000);
CREATE UNIQUE INDEX principal_erased ON principal (erased_hash) WHERE erased_hash IS NOT NULL;
CREATE INDEX job_open ON job (deadline_at) WHERE state IN ('reserved', 'submitted');
CREATE INDEX job_open_of_person ON job (person_id) WHERE state IN ('reserved', 'submitted');
CREATE INDEX job_of_person ON job (person_id, created_at);
CREATE INDEX job_created ON job (created_at) WHERE request IS NOT NULL;
CREATE INDEX job_of_image ON job (image_sha256) WHERE image_sha256 IS NOT NULL;
CREATE UNIQUE INDEX entry_resolves_once ON entry (ref_id) WHERE kind IN ('post', 'void') AND ref_id IS NOT NULL;
CREATE INDEX entry_of_account ON entry (account_id, at);
CREATE INDEX entry_of_job ON entry (job_key);
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE INDEX blob_unused ON blob (sha256) WHERE refs = 0;
CREATE INDEX picture_unjudged ON picture (job_key) WHERE verdict IS NULL;
CREATE INDEX picture_of_file ON picture (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX card_of_job ON card (job_key);
CREATE INDEX card_due ON card (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX block_of ON block (principal_id) WHERE lifted_at IS NULL;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE INDEX report_open ON report (at) WHERE closed_at IS NULL;
CREATE INDEX card_token ON card (address ->> 'token_expires_at')
  WHERE address ->> 'token_expires_at' IS NOT NULL;
CREATE INDEX once_ticket_expiry ON once_ticket (expires_at);
CREATE INDEX delivered_age ON delivered (at);
CREATE UNIQUE INDEX case_open_of_job ON review_case (job_key) WHERE state IN ('open', 'frozen');
CREATE INDEX case_queue ON review_case (state, opened_at);
CREATE INDEX case_of_job ON review_case (job_key);
CREATE INDEX case_of_subject ON review_case (subject_id, opened_at);
CREATE INDEX case_effect ON review_case (effect_at) WHERE effect_at IS NOT NULL;
CREATE INDEX strike_of ON strike (principal_id);
CREATE UNIQUE INDEX strike_of_case ON strike (case_id) WHERE lifted_at IS NULL;
CREATE INDEX refused_prompt_of ON refused_prompt (principal_id, at);
CREATE INDEX blocked_hash_of_case ON blocked_hash (case_id);
CREATE INDEX notice_due ON notice (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX evidence_due ON evidence (case_id) WHERE secured_at IS NULL;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
  WHEN OLD.id > coalesce((SELECT max(through_id) FROM audit_anchor), 0)
  BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE INDEX opening_due ON opening (platform, due_at);
COMMIT;
