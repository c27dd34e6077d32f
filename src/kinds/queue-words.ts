/** In which order agents are rung, in 3CX's own words. */
export const POLLING = {
  Hunt: "One after the other, in the order of agents.",
  RingAll: "All at once.",
  HuntRandomStart: "One after the other, starting anywhere.",
  NextAgent: "The one after the last who was rung.",
  LongestWaiting: "Who has had no call for the longest time.",
  LeastTalkTime: "Who has talked the least.",
  FewestAnswered: "Who has answered the fewest calls.",
  HuntBy3s: "Three at a time, in the order of agents.",
  First3Available: "The first three who are free.",
  SkillBasedRouting_RingAll: "Skill group by skill group, all of it at once.",
  SkillBasedRouting_HuntRandomStart: "Skill group by skill group, starting anywhere in it.",
  SkillBasedRouting_RoundRobin: "Skill group by skill group, by turns in it.",
  SkillBasedRouting_FewestAnswered: "Skill group by skill group, who has answered the fewest.",
};

export const RECORDING = {
  Disabled: "They are not.",
  AllowToOptOut: "They are, unless the caller says no.",
  AskToOptIn: "They are, when the caller says yes.",
};

export const NOTICES = {
  Callback: "A caller was called back.",
  CallbackFail: "A caller could not be called back.",
  SLATimeBreached: "A caller has waited longer than slaTime.",
  CallLost: "A caller has hung up.",
  AgentAutoLogout: "An agent was logged out for missing calls.",
};

export const CHAT_OWNERS = {
  TakeManually: "Somebody takes it.",
  AutoAssign: "The PBX gives it to somebody.",
};
