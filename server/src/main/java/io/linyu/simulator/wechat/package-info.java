/// WeChat seen from the other side: the platform's interface, and phones that follow the account.
///
/// Written from the protocol alone and without a line of `channel.wechat`: an error made there must
/// not be made here as well.
@NullMarked
package io.linyu.simulator.wechat;

import org.jspecify.annotations.NullMarked;
