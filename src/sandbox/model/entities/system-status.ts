import { describeType, namesOf } from "../describe.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "SystemStatus",
  namesOf(
    "bool",
    "Activated AutoUpdateEnabled BackupScheduled DBMaintenanceInProgress HasNotRunningServices HasUnregisteredSystemExtensions IsAuditLogEnabled IsChatLogEnabled IsRecordingArchiveEnabled LicenseActive LocalIpValid RecordingQuotaReached RecordingStopped RemoteConfigurationRequired RemoteStorageEnabled Support VoicemailQuotaReached VoicemailStopped",
  ),
  namesOf(
    "int",
    "CallsActive DiskUsage ExtensionsRegistered ExtensionsTotal MaxSimCalls MaxUserExtensions OutboundRules TrunksRegistered TrunksTotal UserExtensions",
  ),
  namesOf(
    "number",
    "ChatUsedSpace FreeDiskSpace LogUsedSpace RecordingQuota RecordingUsedSpace TotalDiskSpace",
  ),
  namesOf(
    "string",
    "AvailableLocalIps CurrentLocalIp FQDN Ip IpV4 IpV6 LicenseKey ProductCode ResellerName Version",
  ),
  namesOf(
    "date",
    "ExpirationDate LastBackupDateTime LastCheckForUpdates LastSuccessfulUpdate MaintenanceExpiresAt",
  ),
  "Id:int! OS:XOperatingSystemType RemoteStorageStatus:RemoteStorageStatus",
);

export const SYSTEM_STATUS: EntitySet = {
  name: "SystemStatus",
  type: TYPE,
  singleton: true,
  verbs: [],
  derive: (records) => [
    {
      Id: 1,
      Activated: true,
      FQDN: "pbx.example.com",
      LicenseActive: true,
      OS: "Linux",
      ExtensionsTotal: [...records.numbered()].length,
      UserExtensions: records.list("Users").length,
      TrunksTotal: records.list("Trunks").length,
      TrunksRegistered: records.list("Trunks").length,
      OutboundRules: records.list("OutboundRules").length,
      ProductCode: "3CXENT",
      Version: records.version,
    },
  ],
};
