// The calls of a worker: with the token, a deadline, and repetition while the server cannot be reached.
#pragma once

#include <memory>
#include <string>

#include "asktell/v1/study_service.grpc.pb.h"
#include "asktell/v1/trial_service.grpc.pb.h"

// A text that no other request has: the same id on a repeated request gets the first answer.
std::string new_request_id();

class Client {
   public:
    // `server` is host:port.
    Client(const std::string& server, std::string token);

    // Each returns the answer, repeating the unchanged request while the failure is transient, and throws std::runtime_error
    // for every other failure. Reports need no request id, as they name their step.
    asktell::v1::CreateStudyResponse create(const asktell::v1::CreateStudyRequest& request);
    asktell::v1::GetStudyResponse get(const asktell::v1::GetStudyRequest& request);
    asktell::v1::AskTrialsResponse ask(const asktell::v1::AskTrialsRequest& request);
    asktell::v1::ReportTrialResponse report(const asktell::v1::ReportTrialRequest& request);
    asktell::v1::TellTrialResponse tell(const asktell::v1::TellTrialRequest& request);
    asktell::v1::GetTrialResponse get(const asktell::v1::GetTrialRequest& request);

   private:
    template <typename Stub, typename Request, typename Response>
    Response call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request);

    std::string token_;
    std::unique_ptr<asktell::v1::StudyService::Stub> studies_;
    std::unique_ptr<asktell::v1::TrialService::Stub> trials_;
};
