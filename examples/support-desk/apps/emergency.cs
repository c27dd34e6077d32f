using System;
using System.Threading.Tasks;
using CallFlow;
using TCX.Configuration;
using TCX.PBXAPI;

namespace dummy
{
    /// <summary>
    /// The line for machines that stand still. It rings one person after the other, round after round, and
    /// never offers a menu or a voicemail. If all else fails the call goes to everybody at once.
    /// </summary>
    public class Emergency : ScriptBase<Emergency>
    {
        private const string Everybody = "${var:OVERFLOW_GROUP}";
        private const int Rounds = 5;

        private static readonly string[] People =
        {
            "${var:DUTY_ENGINEER}",
            "${var:DUTY_MANAGER}",
            "${var:FRONT_DESK}",
        };

        public override async void Start()
        {
            try
            {
                // Holds even when the script itself fails further down.
                MyCall.SetDefaultRoute(Everybody, "EMERGENCY");
                MyCall.Info($"Emergency call from {MyCall.Caller?.CallerID}");

                for (var round = 1; round <= Rounds; round++)
                {
                    foreach (var person in People)
                    {
                        if (ExecutionMode != ScriptExecutionMode.Active) return;
                        if (await TryRouteAsync(person))
                        {
                            MyCall.Return(true);
                            return;
                        }
                    }
                }
                MyCall.Error($"Nobody took the emergency call in {Rounds} rounds; ringing {Everybody}");
                MyCall.Return(false);
            }
            catch (Exception error)
            {
                MyCall.Exception(error);
                MyCall.Return(false);
            }
        }

        private async Task<bool> TryRouteAsync(string number)
        {
            try
            {
                var pbx = MyCall.PS as PhoneSystem;
                await MyCall.RouteToAsync(new RouteRequest
                {
                    RouteTarget = new DestinationStruct(pbx.GetDNByNumber(number)),
                    TimeOut = TimeSpan.FromSeconds(20),
                });
                return true;
            }
            catch (Exception error)
            {
                MyCall.Info($"{number} did not answer: {error.Message}");
                return false;
            }
        }
    }
}
