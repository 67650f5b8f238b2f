//! How a fact was evidenced (佐证方式).

use crate::closed_list::closed_list;

closed_list! {
    /// How a fact came to be known (佐证方式). Notices and auditors see the mix, because back-entry is the known fraud.
    Evidence {
        /// 现场扫码: a code on the wall was scanned on site.
        OnSiteCode = "on_site_code",
        /// 双方确认: both sides, such as member and resident, confirmed it.
        BothParties = "both_parties",
        /// 见证: somebody who was there attests it.
        Attested = "attested",
        /// 导入: a row of an imported table.
        Imported = "imported",
        /// 补录: entered afterwards from memory or paper.
        BackEntered = "back_entered",
        /// 系统登记: an act of office that is its own evidence, such as a month close or a review.
        Office = "office",
    }
}
