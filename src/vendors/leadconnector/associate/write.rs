//! The calls that change links, and the definitions that they need.

use super::{Associate, Job, Way, way};
use crate::endpoint::{Endpoint, Repeat};
use crate::error::Refusal;
use crate::http::Request;
use crate::id::Id;
use crate::unified::entity::Entity;
use crate::unified::links::Link;
use crate::vendors::leadconnector::associations::create as definition;
use crate::vendors::leadconnector::contacts::set_business;
use crate::vendors::leadconnector::kinds::object_key;
use crate::vendors::leadconnector::relations::{create as relation, delete};

impl Associate<'_> {
    pub(super) fn build(&self, job: &Job) -> Result<(Request, Repeat), Refusal> {
        let request = match job {
            Job::Read(read) => return self.look.build(read),
            Job::Define(key) => self.define(key),
            Job::Relate {
                place,
                definition,
                swapped,
            } => match self.links.link(*place) {
                Some(link) => self.relate(link, definition, *swapped),
                None => Err(Refusal::input("associations", "expected a link")),
            },
            Job::Employ(place) => match self.employs.get(*place) {
                Some(employ) => self.employ(&employ.contact, employ.business.as_deref()),
                None => Err(Refusal::input("associations", "expected a link")),
            },
            Job::Delete(place) => {
                let relation = self.away.get(*place).map(|away| away.relation.as_str());
                self.delete(relation.unwrap_or_default())
            }
        };
        // Keys are unique, relations too, a contact has one business, and what is gone stays gone.
        Ok((request?, Repeat::Safe))
    }

    /// The contact and the business of a link between the two.
    pub(super) fn employment<'l>(&'l self, link: &'l Link<'_>) -> (&'l str, &'l str) {
        let (record, target) = (self.links.entity_id.as_str(), link.target.id.as_str());
        match link.to {
            Entity::Accounts => (record, target),
            _ => (target, record),
        }
    }

    /// A relation's records stand in the order of the definition's objects.
    pub(super) fn relate(
        &self,
        link: &Link<'_>,
        definition: &str,
        swapped: bool,
    ) -> Result<Request, Refusal> {
        let record = Id::new(self.links.entity_id.as_str());
        let target = Id::new(link.target.id.as_str());
        let (first, second) = if swapped {
            (target, record)
        } else {
            (record, target)
        };
        let relation = relation::Create {
            location_id: self.look.location.clone(),
            association_id: Id::new(definition),
            first_record_id: first,
            second_record_id: second,
            extra: self.extra.clone(),
        };
        Ok(self.look.asked(relation.build(&self.look.options)?))
    }

    pub(super) fn employ(&self, contact: &str, business: Option<&str>) -> Result<Request, Refusal> {
        let (location, options) = (self.look.location.as_str(), &self.look.options);
        let extra = self.extra.as_ref();
        let request = set_business::build(location, contact, business, extra, options)?;
        Ok(self.look.asked(request))
    }

    pub(super) fn delete(&self, relation: &str) -> Result<Request, Refusal> {
        let delete = delete::Delete {
            relation_id: Id::new(relation),
            location_id: self.look.location.clone(),
        };
        Ok(self.look.asked(delete.build(&self.look.options)?))
    }

    /// The definition of the first link that is to be of it: its record comes first.
    pub(super) fn define(&self, key: &str) -> Result<Request, Refusal> {
        let new = self.new_types.iter().find(|new| new.key.as_str() == key);
        let link = self.links.open().map(|(_, link)| link);
        let mut link = link.filter(|link| way(&self.links, link) == Way::Definition(key));
        let (Some(new), Some(link)) = (new, link.next()) else {
            return Err(Refusal::input("association_types", "expected its key"));
        };
        let definition = definition::Create {
            location_id: self.look.location.clone(),
            key: new.key.clone(),
            first_object_label: new.label.clone(),
            first_object_key: Id::new(object_key(&self.links.kind)),
            second_object_label: new.inverse_label.as_ref().unwrap_or(&new.label).clone(),
            second_object_key: Id::new(object_key(self.links.to(link))),
            extra: None,
        };
        Ok(self.look.asked(definition.build(&self.look.options)?))
    }
}
