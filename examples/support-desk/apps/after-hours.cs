using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using CallFlow;
using TCX.Configuration;
using TCX.PBXAPI;

namespace dummy
{
    /// <summary>
    /// The main number: the support queue during office hours, the holiday menu on the holidays the PBX
    /// knows, and the front desk's extension, with its voicemail, at any other time.
    /// </summary>
    public class AfterHours : ScriptBase<AfterHours>
    {
        private const string SupportQueue = "${var:SUPPORT_QUEUE}";
        private const string HolidayMenu = "${var:HOLIDAY_MENU}";
        private const string FrontDesk = "${var:FRONT_DESK}";

        /// <summary>Days without an entry are closed. Times are those of the PBX.</summary>
        private static readonly Dictionary<DayOfWeek, (TimeSpan Opens, TimeSpan Closes)> OfficeHours =
            new Dictionary<DayOfWeek, (TimeSpan, TimeSpan)>
            {
                [DayOfWeek.Monday] = (new TimeSpan(8, 0, 0), new TimeSpan(18, 0, 0)),
                [DayOfWeek.Tuesday] = (new TimeSpan(8, 0, 0), new TimeSpan(18, 0, 0)),
                [DayOfWeek.Wednesday] = (new TimeSpan(8, 0, 0), new TimeSpan(18, 0, 0)),
                [DayOfWeek.Thursday] = (new TimeSpan(8, 0, 0), new TimeSpan(20, 0, 0)),
                [DayOfWeek.Friday] = (new TimeSpan(8, 0, 0), new TimeSpan(16, 0, 0)),
            };

        public override async void Start()
        {
            try
            {
                var pbx = MyCall.PS as PhoneSystem;
                var now = DateTime.Now;
                var isHoliday = ((Tenant)pbx.GetTenant()).IsHoliday(now);
                var destination = isHoliday ? HolidayMenu : IsOpen(now) ? SupportQueue : FrontDesk;
                MyCall.Info($"{MyCall.Caller?.CallerID} goes to {destination} (holiday: {isHoliday})");

                MyCall.SetDefaultRoute(FrontDesk, "Main number");
                await RouteAsync(pbx, destination);
                MyCall.Return(true);
            }
            catch (Exception error)
            {
                // The default route takes over, so a mistake in here costs nobody a call.
                MyCall.Error($"The main number falls back to {FrontDesk}: {error}");
                MyCall.Return(false);
            }
        }

        /// <summary>Fails when nobody takes the call; when somebody does, the call leaves this script.</summary>
        private Task RouteAsync(PhoneSystem pbx, string number)
        {
            return MyCall.RouteToAsync(new RouteRequest
            {
                RouteTarget = new DestinationStruct(pbx.GetDNByNumber(number)),
                TimeOut = TimeSpan.FromMinutes(10),
            });
        }

        private static bool IsOpen(DateTime time)
        {
            return OfficeHours.TryGetValue(time.DayOfWeek, out var hours)
                && time.TimeOfDay >= hours.Opens
                && time.TimeOfDay < hours.Closes;
        }
    }
}
