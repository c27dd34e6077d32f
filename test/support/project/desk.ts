/** What a desk has besides its apps: two menus that lead to each other, a queue and a ring group in a circle, a parameter. */
export const DESK: Readonly<Record<string, string>> = {
  "apps/desk.yaml": `apiVersion: callform/v1
kind: RingGroup
metadata: { number: "810" }
spec:
  name: Sales
  ringStrategy: Hunt
  ringTime: 25
  members: ["101", { number: "100" }]
  forwardNoAnswer: { to: Queue, number: "800" }
  outOfOfficeRoute: { to: External, external: "+442079460100", prompt: closed.wav }
  breakRoute: { to: VoiceMail, number: "100" }
  multicastPort: off
  vmEmailOptions: Notification
  vmEmailList: desk@example.com
  groups: [{ name: DEFAULT }]
---
apiVersion: callform/v1
kind: Queue
metadata: { number: "800" }
spec:
  name: Support
  pollingStrategy: SkillBasedRouting_RingAll
  agents: [{ number: "100", skillGroup: "1" }, "101"]
  managers: ["102"]
  ringTimeout: 20
  maxCallersInQueue: unlimited
  callbackEnableTime: off
  slaTime: 45
  promptSet: system
  comfortPrompts: [b.wav, a.wav]
  maxWaitTimeSkillGroupValues: [30, 10]
  notifyCodes: [CallLost, Callback]
  resetStatisticsScheduleEnabled: true
  resetQueueStatisticsSchedule: { frequency: Weekly, day: Monday, time: "06:00" }
  introFile: null
  forwardNoAnswer: { to: RingGroup, number: "810" }
  holidaysRoute: { to: None, prompt: closed.wav, promptEnabled: false }
---
apiVersion: callform/v1
kind: Receptionist
metadata: { number: "820" }
spec:
  name: Welcome
  promptFilename: welcome.wav
  forwards:
    - { input: "1", to: Queue, number: "800" }
    - { input: "2", to: IVR, number: "821" }
    - { input: "*", to: RepeatPrompt }
    - { input: "7", to: CustomInput, customData: more.wav }
  timeout: 7
  timeoutForward: { to: RingGroup, number: "810" }
  invalidKeyForwardDN: "821"
---
apiVersion: callform/v1
kind: Receptionist
metadata: { number: "821" }
spec:
  name: More
  ivrType: Default
  forwards: [{ input: "*", to: IVR, number: "820" }]
  timeoutForward: { to: EndCall }
  outOfOfficeRoute: { to: RoutePoint, number: "806" }
---
apiVersion: callform/v1
kind: Parameter
metadata: { name: MUSIC_FOLDER }
spec: { value: hold }
---
apiVersion: callform/v1
kind: Parameter
metadata: { name: SMTP_PASSWORD }
spec: { value: hunter2-not-to-be-seen }
`,
};
