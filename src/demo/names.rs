//! Synthetic names: common surnames and given names put together by the seed. They stand for nobody.

use super::random::Random;

const SURNAMES: &[char] = &[
    '王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '徐', '孙', '马', '朱', '胡', '郭', '何', '高', '林',
    '罗', '郑', '梁', '谢', '宋', '唐', '许', '韩', '冯', '邓', '曹', '彭', '曾', '肖', '田', '董', '袁', '潘', '于',
    '蒋', '蔡', '余', '杜',
];
const FIRST: &[char] = &[
    '建', '国', '志', '文', '明', '永', '春', '晓', '海', '俊', '立', '玉', '秀', '桂', '丽', '红', '淑', '金', '小',
    '家', '思', '子', '雨', '嘉', '宇', '佳', '晨', '一',
];
const SECOND: &[char] = &[
    '华', '军', '平', '强', '伟', '勇', '斌', '涛', '辉', '刚', '杰', '峰', '芳', '英', '兰', '梅', '霞', '敏', '静',
    '燕', '娟', '萍', '琴', '云', '宁', '轩', '涵', '怡', '航',
];

/// The name of the member with this index.
pub(super) fn name(seed: u64, index: u32) -> String {
    let mut random = Random::of(seed, 0x6e61_6d65, 0, index);
    let mut name = String::with_capacity(9);
    name.push(*random.pick(SURNAMES));
    if random.permille(780) {
        name.push(*random.pick(FIRST));
    }
    name.push(*random.pick(SECOND));
    name
}
