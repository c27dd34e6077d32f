using System;
using System.Threading.Tasks;
using CallFlow;
using TCX.Configuration;
using TCX.PBXAPI;

namespace dummy
{
    /// <summary>
    /// Greets the caller and rings the reception of this system. Nobody there: the operator of the PBX.
    /// </summary>
    public class Reception : ScriptBase<Reception>
    {
        private const string Number = "${var:RECEPTION}";

        public override async void Start()
        {
            try
            {
                var pbx = MyCall.PS as PhoneSystem;
                MyCall.SetDefaultRoute(pbx.GetParameterValue("OPERATOR"), "Nobody at ${var:COMPANY}");
                await MyCall.AssureMedia();
                await MyCall.PlayPrompt(null, new[] { "PLSHOLD" }, PlayPromptOptions.Blocked);
                await MyCall.RouteToAsync(new RouteRequest
                {
                    RouteTarget = new DestinationStruct(pbx.GetDNByNumber(Number)),
                    TimeOut = TimeSpan.FromSeconds(20),
                });
                MyCall.Return(true);
            }
            catch (Exception error)
            {
                MyCall.Exception(error);
                MyCall.Return(false);
            }
        }
    }
}
